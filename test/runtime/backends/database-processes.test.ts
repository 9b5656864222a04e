import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createDatabaseBackend, type DatabaseBackend } from "../../../runtime/backends/database.js";

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
  const codes = await Promise.all(children.map((child) => once(child, "exit")));
  expect(codes.map(([code]) => code)).toEqual([0, 0]);
  const counter = await backend.load("counter");
  expect([text(counter), counter?.revision]).toEqual(["100", 101]);
});

test("what was acknowledged survives kill -9, 25 times over", async () => {
  await createRecord("survivor");
  for (let cycle = 1; cycle <= 25; cycle++) {
    const acknowledged = await killAfter(cycle, start("write-until-killed.ts", [file, "survivor"]));
    const survivor = await backend.load("survivor");
    expect(survivor?.revision).toBeGreaterThanOrEqual(acknowledged);
    expect(survivor?.revision).toBeLessThanOrEqual(acknowledged + 1);
    expect(text(survivor)).toBe(String(survivor?.revision));
  }
}, 60_000);

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
  const path = fileURLToPath(new URL(`../../suites/processes/${script}`, import.meta.url));
  return spawn(process.execPath, ["--import", "tsx", path, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
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
