import { SessionError } from "../platform/errors.js";
import { startTimeout } from "../platform/start-timeout.js";
import type { BackendAbilities, CallOptions, SessionBackend } from "../types/backend.js";
import { passOnNow, surround } from "./layer.js";

/**
 * The backend, every call of which answers within so many milliseconds, whatever its driver does. Then it rejects
 * with `SessionError` `"timeout"`, and the call's `signal` is aborted; what a late call still does or throws is
 * not heard. A failure that is no `SessionError` becomes one: `"unavailable"`, with its `cause`.
 */
export function withDeadline<A extends BackendAbilities>(
  backend: SessionBackend<A>,
  milliseconds: number,
): SessionBackend<A> {
  const bounded = surround(
    backend,
    (method, call, outer) =>
      new Promise((resolve, reject) => {
        const inner = new DeadlineOptions(outer);
        const stop = startTimeout(milliseconds, () => {
          reject(timedOut(method, milliseconds));
          inner.abort();
        });
        const fail = (cause: unknown): void => {
          stop();
          reject(cause instanceof SessionError ? cause : unavailable(method, cause));
        };
        try {
          call(inner).then((answer) => {
            stop();
            resolve(answer);
          }, fail);
        } catch (cause) {
          fail(cause);
        }
      }),
  );
  return { ...bounded, ...passOnNow(backend) };
}

/** Makes the signal only for a backend that reads it: few do, and every request passes here. */
class DeadlineOptions implements CallOptions {
  readonly #outer: CallOptions | undefined;
  #controller: AbortController | undefined;
  #isOver = false;

  constructor(outer: CallOptions | undefined) {
    this.#outer = outer;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isOver) this.#controller.abort();
    const outer = this.#outer?.signal;
    return outer ? AbortSignal.any([this.#controller.signal, outer]) : this.#controller.signal;
  }

  get keepsExpiry(): boolean {
    return this.#outer?.keepsExpiry === true;
  }

  abort(): void {
    this.#isOver = true;
    this.#controller?.abort();
  }
}

function timedOut(method: string, milliseconds: number): SessionError {
  const message = `The session backend did not answer ${method} within ${milliseconds} ms.`;
  return new SessionError("timeout", message, { details: { method, milliseconds } });
}

function unavailable(method: string, cause: unknown): SessionError {
  const message = `The session backend failed in ${method}; its error is the cause.`;
  return new SessionError("unavailable", message, { cause, details: { method } });
}
