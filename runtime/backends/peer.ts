import { SessionError } from "../session-error.js";

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
    const problem = isMissing(cause) ? "is not installed" : "could not be loaded";
    const advice = `${peer.option} needs it: npm install ${peer.name}`;
    throw new SessionError("config", `The package ${peer.name} ${problem}; ${advice}`, { cause });
  }
}

function isMissing(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return error.code === "ERR_MODULE_NOT_FOUND" || error.code === "MODULE_NOT_FOUND";
}
