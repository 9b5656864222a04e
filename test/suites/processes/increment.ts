/**
 * Adds one to a record, so many times at once, each trying again until it is kept: `increment.ts FILE ID COUNT`.
 * Says a line when it is ready, and begins when it is told one.
 */
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { openBackend } from "./open-sqlite.js";

const [file = "", id = "", count = "0"] = process.argv.slice(2);
const backend = openBackend(file);

async function increment(writer: number): Promise<void> {
  for (;;) {
    const current = await backend.load(id);
    if (current === null) throw new Error("the record is gone");
    const next = String(Number(new TextDecoder().decode(current.data)) + 1);
    const revision = current.revision + 1;
    const writeId = `${process.pid}-${writer}-${revision}`;
    if (await backend.save({ ...current, data: new TextEncoder().encode(next), revision, writeId })) return;
    // A turn of the loop, so that the writers of both processes mix.
    await pause(0);
  }
}

await backend.exists(id);
process.stdout.write("ready\n");
await once(process.stdin, "data");
await Promise.all(Array.from({ length: Number(count) }, (_, writer) => increment(writer)));
await backend.close();
process.stdin.destroy();
