import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atEndOfFile } from "../end-of-file.js";

/** A folder that is removed when this test file ends; among the temporary ones, where nothing else is said. */
export function temporaryFolder(parent: string = tmpdir()): string {
  const folder = mkdtempSync(join(parent, "session-gen-"));
  atEndOfFile(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

let current: string | undefined;

/** The one folder of what a module keeps that several test files share; removed when the test file ends. */
export function folderOfFile(): string {
  if (current !== undefined) return current;
  current = temporaryFolder();
  atEndOfFile(() => {
    current = undefined;
  });
  return current;
}
