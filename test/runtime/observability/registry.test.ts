import { Counter, type OpenMetricsContentType, Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { openSessions } from "../../../runtime/index.js";
import { createPrometheusSink } from "../../../runtime/observability/prometheus.js";
import { openShop, shopKind } from "../../suites/shop-kind.js";
import { createScraped } from "./scraped.js";

describe("a registry", () => {
  it("is shared by several kinds, which differ by a label", async () => {
    const registry = new Registry();
    const [one, other] = [createScraped(registry), createScraped(registry)];
    const backend = createMemoryBackend();
    const sessions = openShop(backend, { sinks: [one.sink] });
    const admins = openSessions(
      { ...shopKind, name: "adminSession" },
      { backend, sinks: [other.sink] },
      () => backend,
    );
    await Promise.all([sessions.ready(), admins.ready()]);
    await sessions.create({ visits: 1 }).save();
    await admins.create({ visits: 1 }).save();
    await admins.create({ visits: 1 }).save();
    expect(await one.counts()).toMatchObject({
      'session_created_total{kind="session"}': 1,
      'session_created_total{kind="adminSession"}': 2,
    });
  });

  it("that has another metric of a name is refused", async () => {
    const registry = new Registry();
    new Counter({ name: "session_created_total", help: "The app's own.", registers: [registry] });
    const sessions = openShop(createMemoryBackend(), { sinks: [createScraped(registry).sink] });
    await expect(sessions.ready()).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining("another metric named session_created_total"),
    });
  });

  it("has names that are right in OpenMetrics", async () => {
    const registry = new Registry<OpenMetricsContentType>();
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    const sessions = openShop(createMemoryBackend(), { sinks: [createPrometheusSink({ registry })] });
    await sessions.create({ visits: 1 }).save();
    await sessions.ready();
    const text = await registry.metrics();
    expect(text).toContain("# TYPE session_created counter\n");
    expect(text).toContain('session_created_total{kind="session"} 1\n');
    expect(text).not.toContain("total_total");
  });

  it("has the buckets of the seed", async () => {
    const { registry, sink } = createScraped();
    const sessions = openShop(createMemoryBackend(), { sinks: [sink] });
    const session = sessions.create({ visits: 1 });
    await session.save();
    await sessions.load(session.key ?? "");
    await sessions.ready();
    const text = await registry.metrics();
    const bucketsOf = (name: string): readonly string[] =>
      [...text.matchAll(new RegExp(`${name}_bucket\\{le="([^"]+)"`, "g"))].map(([, le = ""]) => le);
    const latency = ["0.001", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "+Inf"];
    expect(bucketsOf("session_access_latency_seconds")).toEqual(latency);
    const size = ["100", "500", "1024", "5120", "10240", "51200", "102400", "+Inf"];
    expect(bucketsOf("session_size_bytes")).toEqual(size);
  });
});
