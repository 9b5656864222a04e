/** A bigint as two's complement, the highest byte first, in as few bytes as it takes; one at least. */
export function bigintToBytes(value: bigint): Uint8Array {
  const magnitude = value < 0n ? -value - 1n : value;
  // One more bit than the magnitude has, for the sign.
  const length =
    Math.floor((magnitude === 0n ? 0 : magnitude.toString(16).length * 4 - spareBits(magnitude)) / 8) + 1;
  const hex = BigInt.asUintN(8 * length, value)
    .toString(16)
    .padStart(2 * length, "0");
  return new Uint8Array(Buffer.from(hex, "hex"));
}

/** The bigint of such bytes, however many. */
export function bytesToBigint(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
  return BigInt.asIntN(8 * bytes.length, BigInt(`0x${hex}`));
}

/** The zero bits before the first digit's highest one. */
function spareBits(magnitude: bigint): number {
  return Math.clz32(Number.parseInt(magnitude.toString(16).charAt(0), 16)) - 28;
}
