/** Numbers from 0 to below 1 that a seed repeats (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Damage = (bytes: Uint8Array, pick: (below: number) => number, other: Uint8Array) => Uint8Array;

/** Bytes that begin something in one format or another, or are the edge of something. */
const meaningful = [
  0x00, 0x01, 0x1b, 0x3b, 0x5b, 0x5f, 0x7b, 0x7f, 0x80, 0x9f, 0xbf, 0xc0, 0xc2, 0xc6, 0xdb,
].concat([0xdd, 0xdf, 0xf9, 0xfb, 0xfe, 0xff, 0x22, 0x2c, 0x3a, 0x5c, 0x5d, 0x7d]);

const damages: readonly Damage[] = [
  (bytes, pick) => replaced(bytes, pick(bytes.length), 1, [pick(256)]),
  (bytes, pick) => replaced(bytes, pick(bytes.length), 1, [meaningful[pick(meaningful.length)] ?? 0]),
  (bytes, pick) => {
    const place = pick(bytes.length);
    return replaced(bytes, place, 1, [(bytes[place] ?? 0) ^ (1 << pick(8))]);
  },
  (bytes, pick) => replaced(bytes, pick(bytes.length + 1), 0, [pick(256)]),
  (bytes, pick) => replaced(bytes, pick(bytes.length), 1 + pick(4), []),
  (bytes, pick) => bytes.subarray(0, pick(bytes.length)),
  (bytes, pick) =>
    replaced(
      bytes,
      pick(bytes.length),
      pick(9),
      Array.from({ length: pick(9) }, () => pick(256)),
    ),
  (bytes, pick) => {
    const [from, to] = [pick(bytes.length), pick(bytes.length)];
    return replaced(bytes, to, 0, bytes.subarray(from, from + 1 + pick(32)));
  },
  (bytes, pick, other) =>
    replaced(bytes, pick(bytes.length), pick(16), other.subarray(pick(other.length)).subarray(0, 32)),
  (bytes, pick, other) =>
    replaced(bytes, pick(bytes.length), bytes.length, other.subarray(pick(other.length))),
];

/** One of the given byte sequences with one to four damages; now and then bytes that are none of them. */
export function damagedBytes(whole: readonly Uint8Array[], random: () => number): Uint8Array {
  const pick = (below: number): number => Math.floor(random() * below);
  const any = (): Uint8Array => whole[pick(whole.length)] ?? new Uint8Array();
  if (pick(20) === 0) return Uint8Array.from({ length: pick(64) }, () => pick(256));
  let bytes = any();
  for (let left = 1 + pick(4); left > 0; left -= 1)
    bytes = damages[pick(damages.length)]?.(bytes, pick, any()) ?? bytes;
  return bytes;
}

function replaced(bytes: Uint8Array, start: number, count: number, by: ArrayLike<number>): Uint8Array {
  const result = new Uint8Array(
    Math.max(0, bytes.length - Math.min(count, bytes.length - start)) + by.length,
  );
  result.set(bytes.subarray(0, start));
  result.set(by, start);
  result.set(bytes.subarray(start + count), start + by.length);
  return result;
}
