import type { Readable } from "node:stream";
import { type BackendMethod, surround } from "../../runtime/backends/layer.js";
import type { SessionBackend, Sessions } from "../../runtime/index.js";
import { type FailingPlan, type FakeClock, failingBackend } from "../../runtime/testing/index.js";
import type { OpenShop, ShopSession } from "./shop-kind.js";

/** What the shop's cookie is called by default. */
export const COOKIE_NAME = "__Host-session";

/** What a route can do, in any framework. */
export interface ShopExchange {
  readonly session: ShopSession;
  reply(status: number, body: string, headers?: Readonly<Record<string, string>>): unknown;
  stream(body: Readable): unknown;
  redirect(location: string): unknown;
}

export type ShopRoute = (exchange: ShopExchange) => unknown;

/** The options that the suite gives to an adapter; the same everywhere. */
export interface ShopOptions {
  readonly csrf?: boolean | { readonly trustedOrigins: readonly string[] };
  readonly trustProxy?: boolean;
  readonly tenant?: (request: { readonly headers: object }) => string;
  readonly skip?: () => boolean;
  readonly readOnly?: () => boolean;
  readonly onError?: (error: unknown) => unknown;
}

/** A server of one framework, on a port of its own. */
export interface AdapterUnderTest {
  readonly name: string;
  /** What the framework lists in `Vary` by itself. */
  readonly ownVary?: readonly string[];
  start(
    sessions: Sessions<ShopSession>,
    route: (path: string) => ShopRoute,
    options: ShopOptions,
  ): Promise<{ readonly url: string; close(): Promise<void> }>;
}

/** A shop over one framework and one backend, and what a test may do to it. */
export interface Shop {
  readonly url: string;
  readonly sessions: Sessions<ShopSession>;
  readonly clock: FakeClock;
  /** Read at each call of the backend. */
  readonly plan: FailingPlan;
  /** The calls that reached the backend since they were last taken, here or as writes. */
  takeCalls(): readonly BackendMethod[];
  /** How many of them were writes. */
  takeWrites(): number;
  close(): Promise<void>;
}

/** Starts the shop again with more routes, over the same backend. */
export type Start = (routes: Readonly<Record<string, ShopRoute>>, options?: ShopOptions) => Promise<Shop>;

/** Where a shop keeps its sessions; both go by one clock, or the backend would sweep what the shop still has. */
export interface Place {
  readonly backend: SessionBackend;
  readonly clock: FakeClock;
  readonly open: OpenShop;
}

const writes: ReadonlySet<BackendMethod> = new Set(["create", "save", "touch", "delete"]);

/** Starts a shop. `routes` are found by path. */
export async function startShop(
  adapter: AdapterUnderTest,
  { backend, clock, open }: Place,
  routes: Readonly<Record<string, ShopRoute>>,
  options: ShopOptions = {},
): Promise<Shop> {
  const calls: BackendMethod[] = [];
  const counted = surround(backend, (method, call, callOptions) => {
    calls.push(method);
    return call(callOptions);
  });
  const takeCalls = (): readonly BackendMethod[] => calls.splice(0);
  const plan: FailingPlan = {};
  const sessions = open(failingBackend(counted, plan), { clock });
  const server = await adapter.start(
    sessions,
    (path) => routes[path] ?? (({ reply }) => reply(404, `no route ${path}`)),
    options,
  );
  return {
    url: server.url,
    sessions,
    clock,
    plan,
    takeCalls,
    takeWrites: () => takeCalls().filter((method) => writes.has(method)).length,
    close: server.close,
  };
}
