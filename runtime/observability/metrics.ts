import { SessionError } from "../platform/errors.js";
import type { SessionEvent } from "../types/session-event.js";

/** What is needed of a registry of prom-client. */
export interface MetricsRegistry {
  /** Which format is written: OpenMetrics adds `_total` to the names of counters itself. */
  readonly contentType?: string;
  getSingleMetric(name: string): object | undefined;
  registerMetric(metric: object): void;
}

/** What is needed of prom-client. */
export interface MetricsClient {
  readonly Counter: new (options: MetricOptions) => Counter;
  readonly Histogram: new (options: MetricOptions & { buckets: number[] }) => Histogram;
}

/** Counts an event. */
export type RecordEvent = (event: SessionEvent) => void;

interface MetricOptions {
  name: string;
  help: string;
  labelNames: string[];
  registers: [];
}

type Labels = Record<string, string>;

interface Counter {
  inc(labels: Labels, value?: number): void;
}

interface Histogram {
  observe(labels: Labels, value: number): void;
}

interface Definition {
  readonly help: string;
  /** Besides `kind`. */
  readonly labels?: readonly string[];
}

const counters = {
  session_created_total: { help: "Sessions stored for the first time." },
  session_accessed_total: { help: "Tokens looked up, whether they opened a session or not." },
  session_access_hit_total: { help: "Tokens that opened a session." },
  session_access_miss_total: { help: "Tokens that opened no session." },
  session_deleted_total: { help: "Sessions gone, by reason.", labels: ["reason"] },
  session_expired_total: { help: "Tokens presented after the end of their session." },
  session_conflict_total: {
    help: "Writes that another request came before, by what became of them.",
    labels: ["outcome"],
  },
  session_invalid_total: {
    help: "Unreadable records, refused fields and refused tokens met.",
    labels: ["what"],
  },
  session_backend_errors_total: {
    help: "Backend calls that failed, by operation and error code.",
    labels: ["operation", "code"],
  },
} satisfies Readonly<Record<string, Definition>>;

/** The buckets of reinhardt-sessions, so that its dashboards and alerts go on. */
const histograms = {
  session_access_latency_seconds: {
    help: "How long it took to look a token up, in seconds.",
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
  },
  session_size_bytes: {
    help: "Stored size of a session's data when it was saved, in bytes.",
    buckets: [100, 500, 1024, 5120, 10_240, 51_200, 102_400],
  },
} satisfies Readonly<Record<string, Definition & { buckets: number[] }>>;

/**
 * The metrics of all kinds in a registry; those that are there already are shared. Throws `SessionError` `"config"`
 * when the registry has another metric under one of the names.
 */
export function createMetrics(client: MetricsClient, registry: MetricsRegistry): RecordEvent {
  const counter = (name: keyof typeof counters): Counter => {
    const options = toOptions(shownName(name, registry), counters[name]);
    return share(registry, options, isCounter, () => new client.Counter(options));
  };
  const histogram = (name: keyof typeof histograms): Histogram => {
    const { buckets } = histograms[name];
    const options = { ...toOptions(name, histograms[name]), buckets };
    return share(registry, options, isHistogram, () => new client.Histogram(options));
  };
  return createRecording({
    created: counter("session_created_total"),
    accessed: counter("session_accessed_total"),
    hit: counter("session_access_hit_total"),
    miss: counter("session_access_miss_total"),
    latency: histogram("session_access_latency_seconds"),
    size: histogram("session_size_bytes"),
    deleted: counter("session_deleted_total"),
    expired: counter("session_expired_total"),
    conflict: counter("session_conflict_total"),
    invalid: counter("session_invalid_total"),
    errors: counter("session_backend_errors_total"),
  });
}

type MetricName =
  | "created"
  | "accessed"
  | "hit"
  | "miss"
  | "deleted"
  | "expired"
  | "conflict"
  | "invalid"
  | "errors";

type Metrics = { readonly [Name in MetricName]: Counter } & {
  readonly latency: Histogram;
  readonly size: Histogram;
};

function createRecording(metrics: Metrics): RecordEvent {
  return (event) => {
    const { kind } = event;
    switch (event.type) {
      case "created":
        return metrics.created.inc({ kind });
      case "accessed":
        metrics.accessed.inc({ kind });
        metrics.latency.observe({ kind }, event.seconds);
        return (event.isHit ? metrics.hit : metrics.miss).inc({ kind });
      case "saved":
        return metrics.size.observe({ kind }, event.bytes);
      case "deleted":
        return metrics.deleted.inc({ kind, reason: event.reason }, event.count);
      case "expired":
        return metrics.expired.inc({ kind });
      case "conflict":
        return metrics.conflict.inc({ kind, outcome: event.outcome });
      case "invalid":
        return metrics.invalid.inc({ kind, what: event.what });
      case "backend-error":
        return metrics.errors.inc({ kind, operation: event.operation, code: event.code });
    }
  };
}

function toOptions(name: string, { help, labels = [] }: Definition): MetricOptions {
  return { name, help, labelNames: ["kind", ...labels], registers: [] };
}

function shownName(name: string, { contentType }: MetricsRegistry): string {
  return contentType?.startsWith("application/openmetrics-text") === true
    ? name.replace(/_total$/, "")
    : name;
}

/** The metric that the registry has, or one that is made and put there. */
function share<Metric extends object>(
  registry: MetricsRegistry,
  { name, labelNames }: MetricOptions,
  isMetric: (metric: object) => metric is Metric,
  create: () => Metric,
): Metric {
  const existing = registry.getSingleMetric(name);
  if (existing === undefined) {
    const metric = create();
    registry.registerMetric(metric);
    return metric;
  }
  if (isMetric(existing) && hasLabels(existing, labelNames)) return existing;
  throw new SessionError(
    "config",
    `The registry has another metric named ${name}. Give createSessions a registry of its own.`,
  );
}

function isCounter(metric: object): metric is Counter {
  return "inc" in metric && !("dec" in metric);
}

function isHistogram(metric: object): metric is Histogram {
  return "observe" in metric;
}

function hasLabels(metric: object, names: readonly string[]): boolean {
  const own: unknown = Reflect.get(metric, "labelNames");
  return Array.isArray(own) && names.every((name) => own.includes(name)) && own.length === names.length;
}
