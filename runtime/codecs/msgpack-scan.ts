import type { DecodeLimits } from "../types/codec.js";
import { ByteScan, type WhenNaN } from "./byte-scan.js";

/**
 * Throws unless the bytes are exactly one MessagePack value of what a record can hold: nil, booleans, finite numbers,
 * UTF-8 texts, binary, arrays, and maps whose names are texts that come once. No extensions.
 */
export function assertStrictMsgpack(bytes: Uint8Array, limits: DecodeLimits, whenNaN?: WhenNaN): void {
  const scan = new ByteScan(bytes, limits, whenNaN);
  const scanName = (): number => {
    const type = scan.integer(1);
    if (type >= 0xa0 && type <= 0xbf) return type & 0x1f;
    if (type >= 0xd9 && type <= 0xdb) return scan.integer(lengthSize(type - 0xd9));
    throw new TypeError("a name that is no text");
  };
  const scanValue = (depth: number): void => {
    const type = scan.integer(1);
    if (type <= 0x7f || type >= 0xe0) return;
    if (type <= 0x8f) scan.members(type & 0x0f, depth, scanName, scanValue);
    else if (type <= 0x9f) scan.list(type & 0x0f, depth, scanValue);
    else if (type <= 0xbf) scan.text(type & 0x1f);
    else if (type === 0xdc || type === 0xdd)
      scan.list(scan.integer(lengthSize(type - 0xdb)), depth, scanValue);
    else if (type === 0xde || type === 0xdf)
      scan.members(scan.integer(lengthSize(type - 0xdd)), depth, scanName, scanValue);
    else scanScalar(scan, type);
  };
  scanValue(0);
  scan.end();
}

function scanScalar(scan: ByteScan, type: number): void {
  if (type === 0xc0 || type === 0xc2 || type === 0xc3) return;
  if (type >= 0xc4 && type <= 0xc6) scan.skip(scan.integer(lengthSize(type - 0xc4)));
  else if (type === 0xca || type === 0xcb) scan.float(type === 0xca ? 4 : 8);
  else if (type >= 0xcc && type <= 0xce) scan.skip(lengthSize(type - 0xcc));
  else if (type === 0xcf) scan.integer(8);
  else if (type >= 0xd0 && type <= 0xd2) scan.skip(lengthSize(type - 0xd0));
  else if (type === 0xd3) scan.signed();
  else if (type >= 0xd9 && type <= 0xdb) scan.text(scan.integer(lengthSize(type - 0xd9)));
  else throw new TypeError("an extension, or a type that is none");
}

/** Types of growing size follow one another: of one, two and four bytes. */
function lengthSize(step: number): 1 | 2 | 4 {
  return step === 0 ? 1 : step === 1 ? 2 : 4;
}
