import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { backendSuite } from "../../suites/backend.js";
import { everyAbility } from "../../suites/everything.js";

const shared = createMemoryBackend();
backendSuite("memory", () => createMemoryBackend(), { abilities: everyAbility });
backendSuite("shared memory", () => shared, { abilities: everyAbility });
