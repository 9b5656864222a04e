import { createMemoryBackend } from "../../runtime/backends/memory.js";
import { modelSuite } from "../suites/model/model.js";

modelSuite("memory", () => createMemoryBackend(), { quick: 8000, nightly: 900_000 });
