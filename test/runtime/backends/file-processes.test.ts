import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { createFileBackend } from "../../../runtime/backends/file.js";
import type { SessionRecord } from "../../../runtime/types/backend.js";
import { processScript } from "../../suites/faults/child.js";
import { placeFolder } from "../../suites/faults/place-folder.js";
import { patience, scale } from "../../suites/faults/scale.js";

const directory = join(placeFolder(), "sessions");
const backend = createFileBackend({ directory });

/** The last that a writer said of each of its records. */
type Fates = Map<string, string>;

test(
  `what was acknowledged survives kill -9, ${scale.appKills} times over, and a sweep leaves nothing else`,
  async () => {
    const fates: Fates = new Map();
    await Promise.all(["one", "other"].map((name) => killInTurn(name, scale.appKills / 2, fates)));
    expect(fates.size).toBeGreaterThan(scale.appKills);
    for (const [id, fate] of fates) {
      const survivor = await backend.load(id);
      if (survivor !== null) assertWhole(survivor);
      // A deletion that was begun and not acknowledged may have been done or not.
      if (fate !== "deleting") expect(survivor === null, `${id} was ${fate}`).toBe(fate === "deleted");
    }
    const { sweep } = backend.abilities;
    // A call that is midway answers zero as well.
    do expect(await sweep.deleteExpired(Date.now(), 1000)).toBe(0);
    while (sweep.isMidway?.() === true);
    expect(strayFiles(directory)).toEqual([]);
    const later = Date.now() + 10 * 3_600_000;
    while ((await sweep.deleteExpired(later, 1000)) > 0 || sweep.isMidway?.() === true);
    expect(filesIn(directory)).toEqual([]);
  },
  2 * patience,
);

/** Kills one writer after the other in the middle of its work. */
async function killInTurn(counter: string, cycles: number, fates: Fates): Promise<void> {
  await backend.create(firstRecord(counter));
  for (let cycle = 1; cycle <= cycles; cycle++) {
    const said = await linesUntilKilled(counter, 2 + (cycle % 17));
    const acknowledged = said.findLast(([fate]) => fate === "saved")?.[1];
    for (const [fate = "", id = ""] of said) if (id.startsWith(counter)) fates.set(id, fate);
    const survivor = await backend.load(counter);
    if (survivor === null) throw new Error("the record is gone");
    assertWhole(survivor);
    // One more may have been written than the child had the time to say.
    if (acknowledged !== undefined)
      expect([Number(acknowledged), Number(acknowledged) + 1]).toContain(survivor.revision);
  }
}

/** The lines, word by word, that a writer said until it was killed a moment after so many. */
async function linesUntilKilled(counter: string, count: number): Promise<readonly (readonly string[])[]> {
  const script = processScript("file-writer.ts");
  const child: ChildProcess = spawn(process.execPath, [script, directory, counter], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.stdout === null) throw new Error("the child has no output");
  const lines: (readonly string[])[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line.split(" "));
    if (lines.length === count) setTimeout(() => child.kill("SIGKILL"), Math.random() * 10);
  }
  return lines;
}

/** Its data repeats its revision, up to the end that belongs to it. */
function assertWhole({ revision, data }: SessionRecord): void {
  expect(new TextDecoder().decode(data)).toBe(`${revision} `.repeat(1 + ((revision * 997) % 5000)));
}

function firstRecord(id: string): SessionRecord {
  const data = new TextEncoder().encode("1 ".repeat(998));
  const place = { id, tenant: null, header: "1;json;-;-;x", indexed: {} };
  return { ...place, data, revision: 1, writeId: "", createdAt: 0, expiresAt: Date.now() + 3_600_000 };
}

/** The folders of records that hold anything but a head and its data, and whatever is not finished. */
function strayFiles(root: string): readonly string[] {
  const files = filesIn(root);
  const stray = files.filter((path) => {
    const siblings = files.filter((other) => join(other, "..") === join(path, ".."));
    const [head = "", data = ""] = siblings.map((sibling) => sibling.split("/").at(-1) ?? "").toReversed();
    return siblings.length !== 2 || !head.includes(`_${data.slice("data_".length)}_`);
  });
  return stray.map((path) => path.slice(root.length));
}

function filesIn(path: string): readonly string[] {
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .map((name) => join(path, name))
    .filter((name) => !statSync(name).isDirectory())
    .sort();
}
