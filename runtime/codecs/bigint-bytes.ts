/** A whole number that is not negative, in as few bytes as it needs, the highest first; at least one. */
export function toMagnitude(value: bigint): Uint8Array {
  const digits = value.toString(16);
  return new Uint8Array(Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex"));
}

/** Two's complement in as few bytes as the number needs, the highest first; at least one. */
export function toTwosComplement(value: bigint): Uint8Array {
  const magnitude = toMagnitude(value < 0n ? -1n - value : value);
  const signed = (magnitude[0] ?? 0) < 0x80 ? magnitude : Uint8Array.of(0, ...magnitude);
  return value < 0n ? signed.map((byte) => ~byte) : signed;
}

/** The number of bytes in two's complement, however many there are; that of none is 0. */
export function fromTwosComplement(bytes: Uint8Array): bigint {
  const { buffer, byteOffset, byteLength } = bytes;
  if (byteLength === 0) return 0n;
  const hex = Buffer.from(buffer, byteOffset, byteLength).toString("hex");
  return BigInt.asIntN(8 * byteLength, BigInt(`0x${hex}`));
}

/** Whether a number's bytes are no more than `toTwosComplement` makes. */
export function isShortest(bytes: Uint8Array): boolean {
  const [first, second = 0] = bytes;
  if (bytes.length < 2) return first !== undefined;
  return first !== (second < 0x80 ? 0x00 : 0xff);
}
