import type { BackendAbilities, SessionBackend } from "../backends/backend.js";
import type { RecordFormat } from "../record/record-format.js";
import { surround } from "./layer.js";

/** The backend, asked only once there is what its records are written and read by; as it is when nothing has to be loaded. */
export function withPreparation<A extends BackendAbilities>(
  backend: SessionBackend<A>,
  { prepare }: Pick<RecordFormat, "prepare">,
): SessionBackend<A> {
  if (prepare === undefined) return backend;
  return surround(backend, async (_method, call, options) => {
    await prepare();
    return call(options);
  });
}
