import { maxBigintBytes } from "../record/limits.js";
import type { DecodeLimits } from "../types/codec.js";
import { ByteScan, type WhenNaN } from "./byte-scan.js";

/**
 * Throws unless the bytes are exactly one CBOR value (RFC 8949) of what a record can hold: null, booleans, finite
 * numbers, bignums (tags 2 and 3), UTF-8 texts, byte strings, arrays, and maps whose names are texts that come once.
 * No other tags, no `undefined`, no indefinite lengths.
 */
export function assertStrictCbor(bytes: Uint8Array, limits: DecodeLimits, whenNaN?: WhenNaN): void {
  const scan = new ByteScan(bytes, limits, whenNaN);
  const scanName = (): number => {
    const head = scan.integer(1);
    if (head >> 5 !== major.text) throw new TypeError("a name that is no text");
    return readArgument(scan, head);
  };
  const scanValue = (depth: number): void => {
    const head = scan.integer(1);
    const type = head >> 5;
    const argument = type === major.simple ? 0 : readArgument(scan, head);
    if (type === major.simple) scanSimple(scan, head);
    else if (type === major.bytes) scan.skip(argument);
    else if (type === major.text) scan.text(argument);
    else if (type === major.array) scan.list(argument, depth, scanValue);
    else if (type === major.map) scan.members(argument, depth, scanName, scanValue);
    else if (type === major.tag) scanBignum(scan, argument);
  };
  scanValue(0);
  scan.end();
}

const major = { bytes: 2, text: 3, array: 4, map: 5, tag: 6, simple: 7 } as const;

/** The number in or after the head of a value: its length, count, tag, or itself. */
function readArgument(scan: ByteScan, head: number): number {
  const argument = head & 0x1f;
  if (argument < 24) return argument;
  const size = sizes[argument - 24];
  if (size === undefined) throw new TypeError("an indefinite length, or a reserved one");
  return scan.integer(size);
}

const sizes = [1, 2, 4, 8] as const;

function scanBignum(scan: ByteScan, tag: number): void {
  if (tag !== 2 && tag !== 3) throw new TypeError("an unknown tag");
  const head = scan.integer(1);
  if (head >> 5 !== major.bytes) throw new TypeError("a bignum that is no byte string");
  const length = readArgument(scan, head);
  if (length > maxBigintBytes) throw new RangeError(`a bignum of more than ${maxBigintBytes} bytes`);
  scan.skip(length);
}

function scanSimple(scan: ByteScan, head: number): void {
  if (head === 0xf4 || head === 0xf5 || head === 0xf6) return;
  if (head === 0xfb) scan.float(8);
  else if (head === 0xfa) scan.float(4);
  // Infinities and NaN of two bytes have all bits of the exponent set.
  else if (head !== 0xf9 || (scan.integer(2) & 0x7c00) === 0x7c00)
    throw new TypeError("a simple value that no record holds, or a number that is not finite");
}
