import type { SessionRecord } from "../../types/backend.js";

/**
 * A record as memory keeps it, in its place between those that were written before and after it: one text of
 * Latin-1 until it is loaded, since an array of bytes and an object of nine members take half as much again as what they
 * hold; then the record itself, the same one for each who loads it. What is written over it takes its place in the same
 * object: one that is new with each write costs the garbage collector more than the write does.
 */
export class KeptRecord {
  older: KeptRecord | undefined = undefined;
  newer: KeptRecord | undefined = undefined;
  readonly id: string;
  #revision = 0;
  #common = last;
  #body: string | SessionRecord = "";

  constructor(record: SessionRecord) {
    this.id = record.id;
    this.write(record);
  }

  /** Keeps the record, of the same id, instead of what was kept. */
  write(record: SessionRecord): void {
    this.#revision = record.revision;
    this.#common = commonOf(record);
    this.#body = pack(record) ?? record;
  }

  get revision(): number {
    return this.#revision;
  }

  get tenant(): SessionRecord["tenant"] {
    return this.#common.tenant;
  }

  get indexed(): SessionRecord["indexed"] {
    return this.#common.indexed;
  }

  get createdAt(): number {
    return typeof this.#body === "string" ? timeAt(this.#body, 0) : this.#body.createdAt;
  }

  get expiresAt(): number {
    return typeof this.#body === "string" ? timeAt(this.#body, 1) : this.#body.expiresAt;
  }

  /** The record, for who is likely to load it again. */
  load(): SessionRecord {
    const record = this.read();
    this.#body = record;
    return record;
  }

  /** The record, for who only looks through. */
  read(): SessionRecord {
    if (typeof this.#body !== "string") return this.#body;
    const { id, revision } = this;
    const { header, tenant, indexed } = this.#common;
    const { data, writeId, createdAt, expiresAt } = unpack(this.#body);
    return { id, header, data, tenant, revision, writeId, createdAt, expiresAt, indexed };
  }
}

/** What many records have in common. */
type Common = Pick<SessionRecord, "header" | "tenant" | "indexed">;

let last: Common = Object.freeze({ header: "", tenant: null, indexed: Object.freeze({}) });

/** That of the record before, if it is the same: so it is with most, and takes no room of its own. */
function commonOf({ header, tenant, indexed }: SessionRecord): Common {
  if (header === last.header && tenant === last.tenant && isEmpty(indexed) && isEmpty(last.indexed))
    return last;
  last = { header, tenant, indexed };
  return last;
}

function isEmpty(object: object): boolean {
  for (const _name in object) return false;
  return true;
}

type Body = Pick<SessionRecord, "createdAt" | "expiresAt" | "writeId" | "data">;

/** Two times in eight bytes each, the eight characters of a write id, the data. */
const headLength = 24;
const mostBytes = 16_384;
const bytes = Buffer.alloc(headLength + mostBytes);
const times = new Float64Array(bytes.buffer, bytes.byteOffset, 2);

/** `null` for what the runtime does not write so, and for what is so large that it gains little. */
function pack({ createdAt, expiresAt, writeId, data }: Body): string | null {
  if (data.length > mostBytes || writeId.length !== 8) return null;
  times[0] = createdAt;
  times[1] = expiresAt;
  for (let at = 0; at < 8; at += 1) {
    const code = writeId.charCodeAt(at);
    if (code > 255) return null;
    bytes[16 + at] = code;
  }
  bytes.set(data, headLength);
  return bytes.toString("latin1", 0, headLength + data.length);
}

function unpack(text: string): Body {
  const held = Buffer.from(text, "latin1");
  return {
    createdAt: timeAt(text, 0),
    expiresAt: timeAt(text, 1),
    writeId: text.slice(16, headLength),
    data: new Uint8Array(held.buffer, held.byteOffset + headLength, held.length - headLength),
  };
}

/** Byte by byte: to ask Node for eight takes longer. */
function timeAt(text: string, index: 0 | 1): number {
  for (let at = 0; at < 8; at += 1) bytes[at] = text.charCodeAt(8 * index + at);
  return times[0] ?? Number.NaN;
}
