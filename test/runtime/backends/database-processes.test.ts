import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createDatabaseBackend, type DatabaseBackend } from "../../../runtime/backends/database.js";
import { processScript } from "../../suites/faults/child.js";

let folder: string;
let file: string;
let backend: DatabaseBackend;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "session-gen-"));
  file = join(folder, "sessions.sqlite");
  backend = createDatabaseBackend({ dialect: "sqlite", url: file });
  await backend.createTable();
});

afterEach(async () => {
  await backend.close();
  rmSync(folder, { recursive: true });
});

test("two processes that write one file at once lose nothing", async () => {
  await createRecord("counter");
  const children = [1, 2].map(() => start("increment.ts", [file, "counter", "50"]));
  await Promise.all(children.map(({ stdout }) => stdout && once(stdout, "data")));
  for (const child of children) child.stdin?.write("go\n");
  const codes = await Promise.all(children.map((child) => once(child, "exit")));
  expect(codes.map(([code]) => code)).toEqual([0, 0]);
  const counter = await backend.load("counter");
  expect([text(counter), counter?.revision]).toEqual(["100", 101]);
});

test("what was acknowledged survives kill -9, 25 times over, two writers at a time", async () => {
  await Promise.all([killAgainAndAgain("one", 13), killAgainAndAgain("other", 12)]);
}, 120_000);

async function killAgainAndAgain(id: string, cycles: number): Promise<void> {
  await createRecord(id);
  for (let cycle = 1; cycle <= cycles; cycle++) {
    const acknowledged = await killAfter(2 * cycle, start("write-until-killed.ts", [file, id]));
    expect(acknowledged).toBeGreaterThan(cycle);
    const survivor = await backend.load(id);
    // One more may have been written than the child had the time to say.
    expect([acknowledged, acknowledged + 1]).toContain(survivor?.revision);
    expect(text(survivor)).toBe(String(survivor?.revision));
  }
}

async function createRecord(id: string): Promise<void> {
  await backend.create({
    id,
    tenant: null,
    header: "1;json;-;-;0",
    data: new TextEncoder().encode("0"),
    revision: 1,
    writeId: "w1",
    createdAt: 0,
    expiresAt: Date.UTC(2100, 0, 1),
    indexed: {},
  });
}

function start(script: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [processScript(script), ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
}

/** Kills the writer in the middle of its work; answers the last revision that it said. */
async function killAfter(lines: number, child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error("the child has no output");
  let seen = 0;
  let last = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    seen += 1;
    if (seen === lines) child.kill("SIGKILL");
  }
  return last;
}

function text(record: { readonly data: Uint8Array } | null): string {
  return new TextDecoder().decode(record?.data);
}
