import type { AnalyticsWord } from "../model/model.js";
import type { ChainModule } from "./backend-chain.js";
import type { BackendOption } from "./backend-options.js";
import type { EmitInput } from "./emit-input.js";

/** What `sessions.ts` says about the sinks that the schema names. */
export interface AnalyticsSinks {
  /** Where they come from; only those that are used. */
  readonly modules: readonly ChainModule[];
  /** Values of the runtime itself that they need. */
  readonly runtimeValues: readonly string[];
  /** What the app may pass for them when it opens the sessions. */
  readonly options: readonly BackendOption[];
  /** The statement that adds them to the options; none without any. */
  readonly statements: readonly string[];
  /** The name of the options that the sessions are opened with. */
  readonly opened: string;
}

const makers: Readonly<Record<AnalyticsWord, string>> = {
  log: "createLogSink",
  prometheus: "createPrometheusSink",
};

const registry: BackendOption = {
  name: "registry",
  type: "MetricsRegistry",
  doc: "The registry of prom-client that the metrics are in, instead of its default one.",
  isRequired: false,
};

/** The sinks for the model's `analytics`. */
export function analyticsSinks({ model }: EmitInput): AnalyticsSinks {
  const words = model.settings.analytics;
  if (words === undefined)
    return { modules: [], runtimeValues: [], options: [], statements: [], opened: "options" };
  return {
    modules: words.map((word) => ({
      specifier: `@session-gen/runtime/observability/${word}`,
      values: [makers[word]],
      types: word === "prometheus" ? ["MetricsRegistry"] : [],
    })),
    runtimeValues: ["withSinks"],
    options: words.includes("prometheus") ? [registry] : [],
    statements: [
      `const observed = withSinks(${["options", ...words.map((word) => `${makers[word]}(options)`)].join(", ")});`,
    ],
    opened: "observed",
  };
}
