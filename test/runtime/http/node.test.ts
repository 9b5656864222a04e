import { testAdapterOnEveryBackend } from "../../suites/adapter-backends.js";
import { nodeAdapter } from "../../suites/adapters.js";

testAdapterOnEveryBackend(nodeAdapter);
