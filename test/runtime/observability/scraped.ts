import { Registry } from "prom-client";
import { createPrometheusSink } from "../../../runtime/observability/prometheus.js";
import type { SessionSink } from "../../../runtime/types/session-event.js";

/** A registry of prom-client with a sink that counts there. */
export interface Scraped {
  readonly registry: Registry;
  readonly sink: SessionSink;
  /** The lines of a scrape by series, those of histograms as their counts. */
  counts(): Promise<Readonly<Record<string, number>>>;
}

/** A sink of prom-client and a registry of its own, or the one given. */
export function createScraped(registry = new Registry()): Scraped {
  return {
    registry,
    sink: createPrometheusSink({ registry }),
    async counts() {
      const lines = (await registry.metrics()).split("\n").filter((line) => /^\w/.test(line));
      const series = lines.map((line) => line.split(/ (?=[\d.e+-]+$)/));
      return Object.fromEntries(
        series
          .filter(([name = ""]) => !/_(bucket|sum)\{/.test(name))
          .map(([name, value]) => [name, Number(value)]),
      );
    },
  };
}
