import { SessionError } from "../platform/errors.js";
import type { DecodeLimits } from "../types/codec.js";
import type { RecordContents } from "./contents.js";

/** The limits of every record, whatever its format: what could not be read again is not written. */
export const recordLimits: DecodeLimits = { maxBytes: 4 * 1024 * 1024, maxDepth: 128, maxValues: 100_000 };

/** The longest bigint, in bytes without its sign: converting takes time that grows faster than the length. */
export const maxBigintBytes = 8192;

/** Throws `SessionError` `"too-large"` for contents that are more, encoded to this many bytes, than can be read again. */
export function assertWithinLimits({ meta, fields }: RecordContents, bytes: number): void {
  const { maxBytes, maxValues } = recordLimits;
  if (bytes > maxBytes) throw tooLarge(`takes ${bytes} bytes`, "stored", { bytes, limit: maxBytes });
  // No value takes less than a byte, so that hardly a session has to be looked through.
  if (bytes <= Math.min(maxBigintBytes, maxValues)) return;
  // With what the runtime keeps, since readers of some formats do not tell the two apart.
  const values = countValues({ meta, fields });
  if (values > maxValues) throw tooLarge(`holds ${values} values`, "stored", { values, limit: maxValues });
}

function countValues(value: unknown): number {
  if (typeof value === "bigint") {
    assertBigint(value);
    // Below a union some formats have an object around it.
    return 1;
  }
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return 0;
  let count = 0;
  for (const member of Object.values(value) as readonly unknown[]) count += 1 + countValues(member);
  return count;
}

function assertBigint(value: bigint): void {
  const bytes = Math.ceil((value < 0n ? -1n - value : value).toString(16).length / 2);
  if (bytes <= maxBigintBytes) return;
  throw tooLarge(`holds a bigint of ${bytes} bytes`, "kept in one", { bytes, limit: maxBigintBytes });
}

function tooLarge(
  what: string,
  verb: string,
  details: { readonly limit: number; readonly bytes?: number; readonly values?: number },
): SessionError {
  return new SessionError("too-large", `The session ${what}; at most ${details.limit} can be ${verb}.`, {
    details,
  });
}
