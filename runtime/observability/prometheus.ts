import { assertTypes, withMethods } from "../platform/options.js";
import { importPeer } from "../platform/peer.js";
import type { SessionEvent, SessionSink } from "../types/session-event.js";
import { createMetrics, type MetricsRegistry, type RecordEvent } from "./metrics.js";

export type { MetricsRegistry } from "./metrics.js";

/** Options of `createPrometheusSink`. */
export interface PrometheusSinkOptions {
  /** A `Registry` of prom-client; its default one when left out. Several kinds of session may share it. */
  readonly registry?: MetricsRegistry;
}

const types = { registry: withMethods("a Registry of prom-client", "getSingleMetric", "registerMetric") };

/** How many events wait while prom-client is loaded; what comes on top is not counted. */
const mostWaiting = 10_000;

/**
 * Counts events as metrics of prom-client, which is loaded at the first of them or by `ready()`. Labels are the kind and
 * words from short lists, never a handle. When prom-client is missing, `ready()` rejects with `SessionError` `"config"`;
 * without it that is said in the log once, and nothing is counted.
 */
export function createPrometheusSink(options: PrometheusSinkOptions = {}): SessionSink {
  assertTypes("createPrometheusSink", options, types);
  const { registry } = options;
  let record: RecordEvent | undefined;
  let loading: Promise<void> | undefined;
  let isDecided = false;
  const waiting: SessionEvent[] = [];
  const load = async (): Promise<void> => {
    const client = await importPeer({
      name: "prom-client",
      option: "analytics: { prometheus: true }",
      load: () => import("prom-client"),
    });
    record = createMetrics(client, registry ?? client.register);
    for (const event of waiting.splice(0)) record(event);
  };
  const ready = (): Promise<void> => {
    loading ??= load().finally(() => {
      isDecided = true;
      waiting.length = 0;
    });
    return loading;
  };
  return {
    ready,
    note(event) {
      if (record !== undefined) return record(event);
      if (isDecided) return undefined;
      if (waiting.length < mostWaiting) waiting.push(event);
      return ready();
    },
  };
}
