import * as zlib from "node:zlib";
import { importPeer } from "../platform/peer.js";
import type { FormatPeer } from "../types/format-peer.js";

/** What does the work of zstd. */
export interface ZstdEngine {
  /** One frame, which tells its content size. */
  compress(bytes: Uint8Array, level: number): Uint8Array;
  /** Of one frame that claims so many bytes. */
  decompress(bytes: Uint8Array, size: number): Uint8Array;
}

/** Node's own zstd, or `null` where Node has none. */
function ownZstd(): ZstdEngine | null {
  const own: Partial<OwnZstd> = zlib;
  const { zstdCompressSync: compress, zstdDecompressSync: decompress, constants } = own;
  const level = constants?.["ZSTD_c_compressionLevel"];
  if (!compress || !decompress || level === undefined) return null;
  return {
    compress: (bytes, chosen) =>
      compress(bytes, { params: { [level]: chosen }, pledgedSrcSize: bytes.length }),
    // Node allows no limit of zero; whoever calls sees a byte too many.
    decompress: (bytes, size) => decompress(bytes, { maxOutputLength: Math.max(size, 1) }),
  };
}

/** `node:zlib` from 22.15 on. */
interface OwnZstd {
  readonly constants: Readonly<Record<string, number>>;
  zstdCompressSync(
    bytes: Uint8Array,
    options: { readonly params: Readonly<Record<number, number>>; readonly pledgedSrcSize: number },
  ): Uint8Array;
  zstdDecompressSync(bytes: Uint8Array, options: { readonly maxOutputLength: number }): Uint8Array;
}

let engine = ownZstd();
let loading: Promise<ZstdEngine> | undefined;

/** The package that does it where Node has no zstd. */
export const zstdPeer: FormatPeer | undefined = engine === null ? { isLoaded, load } : undefined;

function isLoaded(): boolean {
  return engine !== null;
}

async function load(): Promise<void> {
  if (engine !== null) return;
  loading ??= importZstd();
  try {
    engine = await loading;
  } finally {
    loading = undefined;
  }
}

/** Node's own zstd, or what `zstdPeer` loaded. Throws when it has not. */
export function loadedZstd(): ZstdEngine {
  if (engine !== null) return engine;
  throw new Error("This Node has no zstd, and the package @bokuweb/zstd-wasm is not loaded.");
}

const zstdPackage: string = "@bokuweb/zstd-wasm";

/** By a name that bundlers do not follow: the package reads its WASM from where it is installed, and most apps do without. */
async function importZstd(): Promise<ZstdEngine> {
  const imported = await importPeer<unknown>({
    name: zstdPackage,
    option: 'compression: { algorithm: "zstd" } before Node 22.15',
    load: () => import(/* webpackIgnore: true */ /* @vite-ignore */ zstdPackage),
  });
  if (!isPackage(imported)) throw new TypeError("The package @bokuweb/zstd-wasm is not as it was.");
  if (!isStarted(imported)) await imported.init();
  const { compress, decompress } = imported;
  return { compress: (bytes, level) => compress(bytes, level), decompress: (bytes) => decompress(bytes) };
}

/** Started again, by a reloaded module or by the app, it would mix the memory of one instance with the code of another. */
function isStarted({ compress }: ZstdPackage): boolean {
  try {
    return compress(new Uint8Array(1), 1).length > 0;
  } catch {
    return false;
  }
}

interface ZstdPackage {
  init(): Promise<void>;
  readonly compress: (bytes: Uint8Array, level: number) => Uint8Array;
  readonly decompress: (bytes: Uint8Array) => Uint8Array;
}

function isPackage(imported: unknown): imported is ZstdPackage {
  if (typeof imported !== "object" || imported === null) return false;
  return "init" in imported && "compress" in imported && "decompress" in imported;
}
