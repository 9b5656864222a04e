import { passOnNow, surround } from "../backends/layer.js";
import type { RecordFormat } from "../record/record-format.js";
import type { BackendAbilities, SessionBackend } from "../types/backend.js";

/**
 * The backend, no call of which is made before its records can be read and written: loading a package takes a
 * moment, once, that no deadline of the backend's should count.
 */
export function withReadyFormat<A extends BackendAbilities>(
  backend: SessionBackend<A>,
  format: Pick<RecordFormat, "isReady" | "ready">,
): SessionBackend<A> {
  const readied = surround(backend, (_method, call, options) =>
    format.isReady() ? call(options) : format.ready().then(() => call(options)),
  );
  const isReady = (): boolean => format.isReady();
  return { ...readied, ...passOnNow(backend, { mayLoad: isReady, maySave: isReady }) };
}
