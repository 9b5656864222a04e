/**
 * The content size of bytes that are exactly one zstd frame (RFC 8878, 3.1.1), as its header claims it. Throws when
 * they are anything else: several frames or bytes behind one, a skippable frame, one that needs a dictionary or a
 * larger window than its content can, one that does not tell its size or tells more than `maxBytes`.
 */
export function zstdContentSize(bytes: Uint8Array, maxBytes: number): number {
  const frame = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (frame.length < 6 || frame.readUInt32LE(0) !== magic) throw new TypeError("not a zstd frame");
  const descriptor = frame.readUInt8(4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  if ((descriptor & 0x08) !== 0) throw new TypeError("a reserved bit of a zstd frame is set");
  if ((descriptor & 0x03) !== 0) throw new TypeError("a zstd frame that needs a dictionary");
  const sizeAt = isSingleSegment ? 5 : 6;
  const { size, bytes: sizeBytes } = readContentSize(frame, sizeAt, descriptor >> 6, isSingleSegment);
  if (size > maxBytes) throw new RangeError(`a zstd frame of more than ${maxBytes} bytes`);
  if (!isSingleSegment && windowSize(frame.readUInt8(5)) > largestWindow)
    throw new RangeError("a zstd frame with too large a window");
  const end = endOfBlocks(frame, sizeAt + sizeBytes) + ((descriptor & 0x04) === 0 ? 0 : 4);
  if (end !== frame.length) throw new RangeError("bytes after the end of the zstd frame");
  return size;
}

const magic = 0xfd2fb528;

/** What decoders should support (RFC 8878, 3.1.1.1.2); more than the content of any record. */
const largestWindow = 8 * 1024 * 1024;

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function readContentSize(
  frame: Buffer,
  at: number,
  flag: number,
  isSingleSegment: boolean,
): { readonly size: number; readonly bytes: number } {
  switch (flag) {
    case 0:
      if (!isSingleSegment) throw new TypeError("a zstd frame that does not tell its size");
      return { size: frame.readUInt8(at), bytes: 1 };
    case 1:
      return { size: frame.readUInt16LE(at) + 256, bytes: 2 };
    case 2:
      return { size: frame.readUInt32LE(at), bytes: 4 };
    default:
      return { size: Number(frame.readBigUInt64LE(at)), bytes: 8 };
  }
}

/** Steps from block to block by their headers. Throws, as every read outside the frame does, when the last is missing. */
function endOfBlocks(frame: Buffer, start: number): number {
  for (let at = start; ; ) {
    const header = frame.readUIntLE(at, 3);
    const type = (header >> 1) & 3;
    if (type === reservedType) throw new TypeError("a zstd block of no known type");
    at += 3 + (type === repeatedType ? 1 : header >> 3);
    if ((header & 1) === 1) return at;
  }
}

/** One byte, many times. */
const repeatedType = 1;
const reservedType = 3;
