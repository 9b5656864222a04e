import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import { type FailingPlan, failingBackend } from "../../runtime/testing/index.js";
import { sharedServer } from "../servers/shared-server.js";
import type { AdapterUnderTest } from "../suites/adapter-shop.js";
import { express4Adapter, expressAdapter, fastifyAdapter } from "../suites/adapters.js";
import { isNightly, patience } from "../suites/faults/scale.js";
import { fetchAdapter, honoAdapter } from "../suites/fetch-adapters.js";
import { hostilePlaces } from "../suites/hostile-places.js";
import { koa2Adapter, koaAdapter } from "../suites/koa-adapters.js";
import type { Listening } from "../suites/listen.js";
import { mixUpRoute, runMixUp, serveMixUp } from "../suites/mix-up.js";
import { seededDraw } from "../suites/mutated-tokens.js";
import { openShop } from "../suites/shop-kind.js";

const redis = await sharedServer("redis");
const draw = seededDraw(isNightly ? Date.now() : 7);

/** One call in a few hundred is not answered at all, and another one fails. */
const troubled: FailingPlan = {
  load: () => (draw(400) === 0 ? "hang" : draw(400) === 0 ? "reject" : "pass"),
  save: () => (draw(200) === 0 ? "reject" : "pass"),
};

type Serve = () => Promise<Listening>;

const overNode = Object.entries(hostilePlaces).map(
  ([name, open]) =>
    [
      `node on ${name}`,
      () => serveMixUp(open(redis, (backend) => failingBackend(backend, troubled))),
    ] as const,
);

const overFramework = (adapter: AdapterUnderTest): readonly [string, Serve] => [
  `${adapter.name} on memory`,
  () => {
    const sessions = openShop(failingBackend(createMemoryBackend(), troubled), { deadline: 0.1 });
    return adapter.start(sessions, (path) => (exchange) => mixUpRoute(path, exchange), {});
  },
];

const quick: readonly (readonly [string, Serve])[] = [...overNode, overFramework(expressAdapter)];
const servers = isNightly
  ? [
      ...quick,
      ...[express4Adapter, fastifyAdapter, koaAdapter, koa2Adapter, honoAdapter, fetchAdapter].map(
        overFramework,
      ),
    ]
  : quick;
const requests = Math.ceil((isNightly ? 1_000_000 : 20_000) / servers.length);

let server: Listening | undefined;
beforeEach(() => {
  vi.spyOn(process, "emitWarning").mockReturnValue();
  vi.spyOn(console, "error").mockReturnValue();
});
afterEach(async () => {
  await server?.close();
  vi.restoreAllMocks();
});

test.each(servers)(
  `nobody is given what is another's in ${requests} requests of 1,000 people on shared connections: %s`,
  async (name, serve) => {
    server = await serve();
    const seen = await runMixUp(server.url, { people: 1000, connections: 16, requests }, draw);
    console.info(`${name}:`, JSON.stringify(seen));
    expect(seen.foreign).toBe(0);
    expect(seen.own).toBeGreaterThan(requests / 3);
    expect(seen.killed).toBeGreaterThan(0);
  },
  patience,
);
