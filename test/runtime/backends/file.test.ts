import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { withDeadline } from "../../../runtime/backends/deadline.js";
import { createFileBackend } from "../../../runtime/backends/file.js";
import { backendSuite } from "../../suites/backend.js";
import { everyAbility } from "../../suites/everything.js";
import { placeFolder } from "../../suites/faults/place-folder.js";
import { isNightly } from "../../suites/faults/scale.js";

const folder = placeFolder();
const indexes = ["userId", "label", "admin"];
const shared = createFileBackend({ directory: join(folder, "shared"), indexes });
const own = () => createFileBackend({ directory: mkdtempSync(join(folder, "own-")), indexes });

backendSuite("files", own, { abilities: everyAbility });
backendSuite("shared files", () => shared, { abilities: everyAbility });
// What a deadline does is the same in both, and in every run seen on SQLite.
if (isNightly)
  backendSuite("files under a deadline", () => withDeadline(own(), 5000), { abilities: everyAbility });
