import type { DecodeLimits } from "../types/codec.js";

/**
 * Throws for JSON text, of which `JSON.parse` made the value, that a record cannot have: names that come twice in an
 * object, of which it keeps the last; numbers too large for a double; lone surrogates; too many levels.
 */
export function assertStrictJson(text: string, value: object, { maxDepth }: DecodeLimits): void {
  const members = countMembers(value, maxDepth, {
    mayHoldSurrogates: text.includes("\\u"),
    mayInherit: haveAllObjectsMembers(),
  });
  // Each name has a colon: when there are no others, none was lost.
  if (countColons(text) !== members && countNames(text) !== members)
    throw new TypeError("JSON with a name that comes twice");
}

/** Throws `RangeError` for JSON of more values than the limit, before anything is made of it. */
export function assertFewValues(bytes: Uint8Array, { maxValues }: DecodeLimits): void {
  // Each value takes two bytes at least, so that hardly a text has to be looked through.
  if (bytes.length <= 2 * maxValues) return;
  let separators = 0;
  let isText = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (byte === backslash) index += 1;
    else if (byte === quote) isText = !isText;
    else if (!isText && (byte === comma || byte === bracket || byte === brace)) separators += 1;
  }
  // So many values have a comma between them, or a bracket before them that may also stand alone.
  if (separators > 2 * maxValues) throw new RangeError(`JSON of more than ${maxValues} values`);
}

const [quote, comma, colon, bracket, backslash, brace] = [0x22, 0x2c, 0x3a, 0x5b, 0x5c, 0x7b];

/** What a count has to look out for. Asked once for all members, since each question takes as long as to count one. */
interface Doubts {
  /** The text has escapes, of which one may stand for half a pair. */
  readonly mayHoldSurrogates: boolean;
  /** Members may not be an object's own. */
  readonly mayInherit: boolean;
}

/** The members of all objects in a value. */
function countMembers(value: object, levels: number, doubts: Doubts): number {
  if (levels === 0) throw new RangeError("JSON of too many levels");
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countIn(item, levels, doubts);
    return count;
  }
  for (const name in value) {
    if (doubts.mayInherit && !Object.hasOwn(value, name)) continue;
    count += 1 + countIn((value as Readonly<Record<string, unknown>>)[name], levels, doubts);
    if (doubts.mayHoldSurrogates) assertWellFormed(name);
  }
  return count;
}

function countIn(value: unknown, levels: number, doubts: Doubts): number {
  if (typeof value === "object") return value === null ? 0 : countMembers(value, levels - 1, doubts);
  if (typeof value === "number" && !Number.isFinite(value))
    throw new RangeError("JSON with a number that is too large");
  if (doubts.mayHoldSurrogates && typeof value === "string") assertWellFormed(value);
  return 0;
}

/** Whether something has given all objects members that show, as some libraries do, and attacks by `__proto__`. */
function haveAllObjectsMembers(): boolean {
  for (const _name in emptyObject) return true;
  return false;
}

const emptyObject = Object.freeze({});

function assertWellFormed(text: string): void {
  if (!text.isWellFormed()) throw new TypeError("JSON with half a surrogate pair");
}

function countColons(text: string): number {
  let count = 0;
  for (let at = text.indexOf(":"); at !== -1; at = text.indexOf(":", at + 1)) count += 1;
  return count;
}

/** How often a name stands before a colon in valid JSON text. */
function countNames(text: string): number {
  let count = 0;
  for (let start = text.indexOf('"'); start !== -1; ) {
    let end = text.indexOf('"', start + 1);
    while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
    let next = end + 1;
    while (isBlank(text.charCodeAt(next))) next += 1;
    if (text.charCodeAt(next) === colon) count += 1;
    start = text.indexOf('"', next);
  }
  return count;
}

function isEscaped(text: string, position: number): boolean {
  let before = position - 1;
  while (text.charCodeAt(before) === backslash) before -= 1;
  return (position - before) % 2 === 0;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
