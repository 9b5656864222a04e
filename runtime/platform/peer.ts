import { SessionError } from "./errors.js";

/** A package that is imported only when it is used, and why. */
export interface Peer<T> {
  /** As npm knows it. */
  readonly name: string;
  /** The option of the schema that asks for it. */
  readonly option: string;
  readonly load: () => Promise<T>;
}

/** Imports an optional peer dependency. Throws `SessionError` `"config"`, in one line, when it is missing or does not load. */
export async function importPeer<T>(peer: Peer<T>): Promise<T> {
  try {
    return await peer.load();
  } catch (cause) {
    throw peerFault(peer, cause);
  }
}

/**
 * The fault of a peer that one of several is: where its `import` stands in a `try` itself, bundlers let it be missing,
 * and elsewhere end with an error, as Turbopack and esbuild do.
 */
export function peerFault({ name, option }: Omit<Peer<unknown>, "load">, cause: unknown): SessionError {
  const problem = isMissing(cause) ? "is not installed" : `could not be loaded: ${firstLine(cause)}`;
  const message = `The package ${name} ${problem}; ${option} needs it: npm install ${name}`;
  return new SessionError("config", message, { cause });
}

/** What a bundler or Node says of a module: it holds no data of the app. */
function firstLine(error: unknown): string {
  return error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : "";
}

function isMissing(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return error.code === "ERR_MODULE_NOT_FOUND" || error.code === "MODULE_NOT_FOUND";
}
