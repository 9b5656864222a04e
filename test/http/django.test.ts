import { expect, test } from "vitest";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import type { SessionBackend } from "../../runtime/index.js";
import { express4Adapter, expressAdapter, fastifyAdapter, nodeAdapter } from "../suites/adapters.js";
import { djangoCases, djangoConformance } from "../suites/django/conformance.js";
import { isNightly } from "../suites/faults/scale.js";
import { fetchAdapter, honoAdapter } from "../suites/fetch-adapters.js";
import { koa2Adapter, koaAdapter } from "../suites/koa-adapters.js";
import { nestExpressAdapter, nestFastifyAdapter } from "../suites/nest-adapters.js";
import { openStateful, statefulPlaces } from "../suites/stateful-places.js";

const adapters = [
  nodeAdapter,
  expressAdapter,
  express4Adapter,
  fastifyAdapter,
  honoAdapter,
  koaAdapter,
  koa2Adapter,
  fetchAdapter,
  nestExpressAdapter,
  nestFastifyAdapter,
];

test("there are about eighty behaviours, each told once", () => {
  expect(djangoCases.length).toBeGreaterThan(80);
  expect(new Set(djangoCases.map(([behaviour]) => behaviour)).size).toBe(djangoCases.length);
});

for (const adapter of adapters)
  djangoConformance(adapter, "memory", async (clock) => createMemoryBackend({ clock }));

/** In every run each framework is tried on memory and each other place under one framework; in the night all with all. */
for (const adapter of isNightly ? adapters : [nodeAdapter]) {
  for (const [name, open] of Object.entries(statefulPlaces)) {
    if (name === "memory") continue;
    djangoConformance(adapter, name, async (): Promise<SessionBackend> => openStateful(open));
  }
}
