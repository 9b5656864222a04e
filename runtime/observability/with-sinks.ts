import type { SessionSink } from "../types/session-event.js";

/** Options with these sinks before those of their own: how generated code adds the sinks that its schema names. */
export function withSinks<Options extends { readonly sinks?: readonly SessionSink[] }>(
  options: Options,
  ...sinks: readonly SessionSink[]
): Options {
  return { ...options, sinks: [...sinks, ...(options.sinks ?? [])] };
}
