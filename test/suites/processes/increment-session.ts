/**
 * Clients that each add one to the visits of one session, so many times, and keep their own count in a slot beside it:
 * `increment-session.ts PLACE URL KEY FIRST_SLOT CLIENTS INCREMENTS`. Says a line when it is ready, begins when it is
 * told one, and says at the end what it met.
 */
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { isPlaceName, openPlace } from "../faults/place.js";
import { openShop, type ShopSession } from "../shop-kind.js";
import type { Slot } from "../slots.js";

const [place = "", url = "", key = "", first = "", clients = "", increments = ""] = process.argv.slice(2);
if (!isPlaceName(place)) throw new Error(`There is no place ${place}.`);
const backend = openPlace(place, url);
const sessions = openShop(backend);
const met = new Map<string, number>();

await insist(() => sessions.load(key));
process.stdout.write("ready\n");
await once(process.stdin, "data");
await Promise.all(
  Array.from({ length: Number(clients) }, (_, client) => run(`slot${Number(first) + client}`)),
);
process.stdout.write(`${[...met].map(([code, times]) => `${times} ${code}`).join(", ")}\n`);
await backend.close?.();
process.stdin.destroy();

async function run(slot: Slot): Promise<void> {
  for (let number = 1; number <= Number(increments); number += 1) await increment(slot, number);
}

/** One request. The two fields are written together, so that one tells of the other. */
async function increment(slot: Slot, number: number): Promise<void> {
  for (;;) {
    const session = await insist(() => sessions.load(key));
    if (session === null) throw new Error("the session is gone");
    // An earlier attempt of which nobody could tell: it was made.
    if (session.get(slot) === number) return;
    session.visits += 1;
    session.set(slot, number);
    if (await isSaved(session)) return;
  }
}

/** `false` when it was told that nobody can tell. */
async function isSaved(session: ShopSession): Promise<boolean> {
  return insist(() =>
    session.save().then(
      () => true,
      (error: unknown) => {
        if (codeOf(error) !== "conflict") throw error;
        met.set("conflict", (met.get("conflict") ?? 0) + 1);
        return false;
      },
    ),
  );
}

async function insist<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      const code = codeOf(error);
      if (code !== "unavailable" && code !== "timeout") throw error;
      met.set(code, (met.get(code) ?? 0) + 1);
      await pause(Math.random() * 20);
    }
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
