import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { patience } from "./scale.js";

/** A folder that is removed when this test file ends; among the temporary ones, where nothing else is said. */
export function temporaryFolder(parent: string = tmpdir()): string {
  const folder = mkdtempSync(join(parent, "session-gen-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }), patience);
  return folder;
}
