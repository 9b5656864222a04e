import { SessionError } from "../../platform/errors.js";
import { startTimeout } from "../../platform/start-timeout.js";

type Done<T> = (error?: unknown, value?: T) => void;

/**
 * What a store of another library calls back with; `undefined` for what is not there. Stores throw,
 * call back or reject, with errors that may carry keys and values: only their codes are passed on, as `SessionError`
 * `"unavailable"`. With `milliseconds` one that does not answer in time is `"timeout"`. `isWrite`: what is not there is a failure too.
 */
export function callForeign<T>(
  start: (done: Done<T>) => unknown,
  { milliseconds, isWrite = false }: { readonly milliseconds?: number; readonly isWrite?: boolean } = {},
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop =
      milliseconds === undefined
        ? undefined
        : startTimeout(milliseconds, () => reject(timedOut(milliseconds)));
    const settle: Done<T> = (error, value) => {
      stop?.();
      if (error === undefined || error === null) resolve(value);
      else if (!isWrite && isAbsence(error)) resolve(undefined);
      else reject(toSessionError(error));
    };
    try {
      const started = start(settle);
      if (started instanceof Promise) started.catch(settle);
    } catch (error) {
      settle(error);
    }
  });
}

/** How a store of files says that there is no such session; but a server whose socket is missing is down. */
function isAbsence(error: unknown): boolean {
  return (
    error instanceof Error && codeOf(error) === "ENOENT" && "syscall" in error && error.syscall === "open"
  );
}

function toSessionError(error: unknown): SessionError {
  const code = codeOf(error);
  return new SessionError("unavailable", `The store of the sessions failed (${code}).`, {
    details: { code },
  });
}

function timedOut(milliseconds: number): SessionError {
  return new SessionError("timeout", `The store of the sessions did not answer within ${milliseconds} ms.`, {
    details: { milliseconds },
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "no code";
}
