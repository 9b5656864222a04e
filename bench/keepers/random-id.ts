import { randomBytes } from "node:crypto";

/** Made at once: to ask the system for each costs more than the rest of a write's values. */
const pool = { text: "", used: 0 };

/** Twelve random characters. */
export function randomId(): string {
  if (pool.used === pool.text.length)
    Object.assign(pool, { text: randomBytes(3072).toString("base64url"), used: 0 });
  pool.used += 12;
  return pool.text.slice(pool.used - 12, pool.used);
}
