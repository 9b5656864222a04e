/**
 * Writes to a folder until it is killed: `file-writer.ts FOLDER NAME`. It saves one record for ever, and creates,
 * touches and deletes others beside it; each line on standard output is something that was acknowledged.
 */

import { createFileBackend } from "../../../runtime/backends/file.js";
import type { SessionRecord } from "../../../runtime/types/backend.js";
import { say } from "./say.js";

const [directory = "", name = ""] = process.argv.slice(2);
const backend = createFileBackend({ directory });
const life = 3_600_000;

function tell(...words: readonly (string | number)[]): void {
  say(words.join(" "));
}

/** Its data repeats the revision up to another length each time, so that a torn one shows. */
function write(record: SessionRecord, revision: number): SessionRecord {
  const data = new TextEncoder().encode(`${revision} `.repeat(1 + ((revision * 997) % 5000)));
  return { ...record, revision, data, writeId: `${process.pid}-${revision}` };
}

async function saveForEver(): Promise<void> {
  for (let current = await backend.load(name); current !== null; ) {
    const next = write(current, current.revision + 1);
    if (!(await backend.save(next))) throw new Error("somebody else wrote");
    tell("saved", next.revision);
    current = next;
  }
}

async function comeAndGo(): Promise<void> {
  for (let count = 0; ; count++) {
    const id = `${name}-${process.pid}-${count}`;
    const now = Date.now();
    const empty = {
      id,
      tenant: null,
      header: "1;json;-;-;x",
      data: new Uint8Array(),
      revision: 1,
      writeId: "",
    };
    await backend.create(write({ ...empty, createdAt: now, expiresAt: now + life, indexed: {} }, 1));
    tell("created", id);
    await backend.touch(id, 1, now + 2 * life);
    tell("touched", id);
    if (count % 2 === 0) continue;
    tell("deleting", id);
    await backend.delete(id);
    tell("deleted", id);
  }
}

tell("ready");
await Promise.all([saveForEver(), comeAndGo()]);
