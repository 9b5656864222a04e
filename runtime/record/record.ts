import type { Adopted, Meta, Moved, Source } from "./contents.js";

/** A record cannot be read: unknown layout, damaged bytes, more than the limits allow. `reason` holds no data. */
export class UnreadableRecord extends Error {
  constructor(reason: string, options?: { cause: unknown }) {
    super(reason, options);
    this.name = "UnreadableRecord";
  }
}

/** Whether an error says that a record cannot be read; also one of another copy of this module, as `session-gen copy` loads them. */
export function isUnreadable(error: unknown): error is UnreadableRecord {
  return error instanceof Error && error.name === "UnreadableRecord";
}

/** A record's plain header, part by part; `-` is none. */
export interface RecordHeader {
  readonly codec: string;
  readonly compression: string;
  /** Names the key that a record is encrypted under. */
  readonly keyId: string;
  /** Names the shape version that wrote it. */
  readonly shapeHash: string;
  readonly kind: string;
}

/** The part of a header for what was not done. */
export const NONE = "-";

const layout = "1";

/** The text of a header. */
export function toHeader({ codec, compression, keyId, shapeHash, kind }: RecordHeader): string {
  return `${layout};${codec};${compression};${keyId};${shapeHash};${kind}`;
}

/** The parts of a header, or `null` when it is of another layout. */
export function parseHeader(header: string): RecordHeader | null {
  const [version, codec, compression, keyId, shapeHash, kind, ...more] = header.split(";");
  if (version !== layout || codec === undefined || compression === undefined || keyId === undefined)
    return null;
  if (shapeHash === undefined || kind === undefined || more.length > 0) return null;
  return { codec, compression, keyId, shapeHash, kind };
}

/** Whether a record is of a kind: several may share a backend. */
export function isOfKind(header: string, kindName: string): boolean {
  return header.endsWith(`;${kindName}`);
}

/** The hash of the shape version that wrote a record. */
export function shapeHashOf(header: string): string {
  return header.split(";", 5)[4] ?? "";
}

type Unchecked<T> = { readonly [Name in keyof T]?: unknown };

/** Whether what a codec decoded is a record's meta. */
export function isMeta(value: unknown): value is Meta {
  if (!isObject<Meta>(value)) return false;
  const { writes, expiry, foreign, rotatedAt, csrf, moved, from, adopted } = value;
  return (
    typeof writes === "string" &&
    (expiry === undefined || expiry === "browser" || isChosen(expiry)) &&
    (foreign === undefined || Array.isArray(foreign)) &&
    (rotatedAt === undefined || Number.isFinite(rotatedAt)) &&
    (csrf === undefined || typeof csrf === "string") &&
    (moved === undefined || isMoved(moved)) &&
    (from === undefined || (isObject<Source>(from) && typeof from.id === "string")) &&
    (adopted === undefined || (isObject<Adopted>(adopted) && typeof adopted.reference === "string"))
  );
}

function isChosen(expiry: unknown): boolean {
  if (!isObject<{ idle: number; at: number }>(expiry)) return false;
  return Number.isFinite(expiry.idle) || Number.isFinite(expiry.at);
}

function isMoved(moved: unknown): boolean {
  if (!isObject<Moved>(moved)) return false;
  const { to, unfinished } = moved;
  if (unfinished === undefined) return to === null || typeof to === "string";
  return typeof to === "string" && ["follow", "undo", "undoing"].includes(String(unfinished));
}

function isObject<T>(value: unknown): value is Unchecked<T> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
