/**
 * The output of one of Node's synchronous decoders, called with `info`, which stop at the end of the stream and say
 * nothing of what follows it. Throws when they have not read exactly so many bytes.
 */
export function wholeStream(answer: unknown, byteCount: number): Uint8Array {
  if (!isInformed(answer)) throw new TypeError("the decoder does not tell how far it read");
  if (answer.engine.bytesWritten !== byteCount) throw new RangeError("bytes after the end of the stream");
  return answer.buffer;
}

interface Informed {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

function isInformed(answer: unknown): answer is Informed {
  return typeof answer === "object" && answer !== null && "buffer" in answer && "engine" in answer;
}
