import { passOnNow, surround } from "../backends/layer.js";
import type { SessionContext } from "../session/context.js";
import type { BackendAbilities, SessionBackend } from "../types/backend.js";
import { changeMarks, isSearched, signIn } from "./index-ledger.js";

/**
 * The backend, whose first write says which indexes this version does not keep, so that others know by which ones they
 * do not find what it writes. Both at once, and the write is answered when both are done; where that is not to be
 * noted now, it is tried again with the next write.
 */
export function withIndexSignIn<A extends BackendAbilities>(
  backend: SessionBackend<A>,
  context: SessionContext,
): SessionBackend<A> {
  if (!isSearched(backend)) return backend;
  let isDone = false;
  let pending: Promise<void> | undefined;
  const sign = (): Promise<void> => {
    pending ??= changeMarks(backend, context.name, (marks) => signIn(marks, context)).then(
      () => {
        isDone = true;
      },
      () => {
        pending = undefined;
      },
    );
    return pending;
  };
  const signing = surround(backend, (method, call, options) =>
    isDone || !writes.has(method)
      ? call(options)
      : Promise.all([call(options), sign()]).then(([answer]) => answer),
  );
  return { ...signing, ...passOnNow(backend, { maySave: () => isDone }) };
}

const writes: ReadonlySet<string> = new Set(["create", "save", "createWithin"]);
