/**
 * Clients that log in to one tenant at once, while others are at work there: `login-to-tenant.ts PLACE URL MAX ON_LIMIT
 * LOGINS KEYS…`. Each key is of a session that is written and given another key again and again meanwhile. Says a line
 * when it is ready, begins when it is told one, and says at the end what became of the logins and of the others.
 */
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { isPlaceName, openPlace } from "../faults/place.js";
import { openTenants } from "../tenant-shop.js";

const [place = "", url = "", max = "", onLimit = "", logins = "", ...keys] = process.argv.slice(2);
if (!isPlaceName(place)) throw new Error(`There is no place ${place}.`);
const backend = openPlace(place, url);
const tenancy = { maxSessions: Number(max), onLimit: onLimit === "oldest" ? "oldest" : "refuse" } as const;
const sessions = openTenants(backend, tenancy, { deadline: "60s" }).forTenant("crowded:*");
const said: Record<string, number> = {};
let areAllIn = false;

await insist(() => sessions.exists("x".repeat(43)));
process.stdout.write("ready\n");
await once(process.stdin, "data");
const working = keys.map(work);
await Promise.all(Array.from({ length: Number(logins) }, login));
areAllIn = true;
await Promise.all(working);
process.stdout.write(`${JSON.stringify(said)}\n`);
await backend.close?.();
process.stdin.destroy();

async function login(_: unknown, userId: number): Promise<void> {
  const session = sessions.create({ userId });
  try {
    await insist(() => session.save());
    count("in");
  } catch (error) {
    count(codeOf(error));
  }
}

/** A session that is there: nothing of what it does may be refused. */
async function work(key: string): Promise<void> {
  const session = await sessions.load(key);
  if (session === null) return count("missing");
  do {
    session.visits += 1;
    await insist(() => session.save());
    await insist(() => session.cycleKey());
    count("worked");
  } while (!areAllIn);
}

/** A busy server may not answer in time; whoever was not answered asks again. */
async function insist<T>(act: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      if (!["unavailable", "timeout"].includes(codeOf(error)) || tries === 20) throw error;
      await pause(Math.random() * 20);
    }
  }
}

function count(what: string): void {
  said[what] = (said[what] ?? 0) + 1;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
