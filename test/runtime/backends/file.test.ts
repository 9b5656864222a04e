import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { createFileBackend } from "../../../runtime/backends/file.js";
import { withDeadline } from "../../../runtime/layers/deadline.js";
import { backendSuite } from "../../suites/backend.js";
import { everyAbility } from "../../suites/everything.js";

const folder = mkdtempSync(join(tmpdir(), "session-gen-files-"));
afterAll(() => rmSync(folder, { recursive: true }));

const indexes = ["userId", "label", "admin"];
const shared = createFileBackend({ directory: join(folder, "shared"), indexes });
const own = () => createFileBackend({ directory: mkdtempSync(join(folder, "own-")), indexes });

backendSuite("files", own, { abilities: everyAbility });
backendSuite("shared files", () => shared, { abilities: everyAbility });
backendSuite("files under a deadline", () => withDeadline(own(), 5000), { abilities: everyAbility });
