import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { patience } from "./scale.js";

/** A folder that is removed when this test file ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "session-gen-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }), patience);
  return folder;
}
