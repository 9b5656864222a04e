import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { atEndOfFile } from "../end-of-file.js";
import { patience } from "./scale.js";

/** A folder that is removed when this test file ends; among the temporary ones, where nothing else is said. */
export function temporaryFolder(parent: string = tmpdir()): string {
  const folder = mkdtempSync(join(parent, "session-gen-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }), patience);
  return folder;
}

let current: string | undefined;

/** The one folder of what a module keeps that several test files share; removed when the test file ends. */
export function folderOfFile(): string {
  if (current !== undefined) return current;
  const folder = mkdtempSync(join(tmpdir(), "session-gen-"));
  current = folder;
  atEndOfFile(() => {
    current = undefined;
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
