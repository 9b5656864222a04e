import { createProject, type InstalledProject } from "./installed-project.js";

/** Where sessions are kept, and how they are written. */
export interface ShopKind {
  readonly backend: "memory" | "cookie" | "redis";
  readonly codec: "json" | "msgpack" | "cbor" | "protobuf" | "bincode";
}

/** The path of a kind in the app, and the folder of its schema. */
export function pathOf({ backend, codec }: ShopKind): string {
  return `${backend}-${codec}`;
}

/** The cookie of a kind. */
export function cookieOf(kind: ShopKind): string {
  return `__Host-${pathOf(kind)}-session`;
}

/**
 * A project with one app of several kinds of session, by both adapters for `Request`: `app.ts` exports `handle`. What is
 * generated names files as they are, since Deno finds no other.
 */
export async function createShop(kinds: readonly ShopKind[]): Promise<InstalledProject> {
  const project = createProject({ packages: ["zod", "hono", "ioredis", "msgpackr", "cbor-x"] });
  const schemas = kinds.map((kind) => `${pathOf(kind)}/session.schema.ts`);
  for (const [at, kind] of kinds.entries()) project.write(schemas[at] ?? "", schemaOf(kind));
  const generated = await project.run("session-gen", ...schemas.flatMap((path) => ["--schema", path]));
  if (generated.code !== 0) throw new Error(generated.output);
  project.write("kinds.ts", kindsText(kinds));
  project.write("app.ts", app);
  return project;
}

const backends: Readonly<Record<ShopKind["backend"], string>> = {
  memory:
    'indexes: ["userId"], merge: { visits: "sum" }, encryption: { keys: env("SESSION_KEYS") }, backend: memory()',
  redis:
    'indexes: ["userId"], merge: { visits: "sum" }, deadline: "20s", backend: redis({ url: env("REDIS_URL") })',
  cookie: 'rotation: { onChange: ["userId"] }, backend: cookie({ keys: env("SESSION_KEYS") })',
};

const compression: Readonly<Record<ShopKind["codec"], string>> = {
  json: "",
  msgpack: "",
  cbor: "",
  protobuf: 'compression: { algorithm: "gzip", threshold: 64 },',
  bincode: 'compression: { algorithm: "brotli", threshold: 64 },',
};

function schemaOf(kind: ShopKind): string {
  return `
    import { ${kind.backend}, defineSession, env } from "session-gen";
    import { z } from "zod";

    export default defineSession({
      name: "${nameOf(kind)}Session",
      shape: z.object({
        userId: z.int().optional(),
        visits: z.int().default(0),
        note: z.string().default(""),
        since: z.date().optional(),
        total: z.bigint().optional(),
        token: z.instanceof(Uint8Array).optional(),
        cart: z.array(z.object({ sku: z.string(), price: z.number() })).default([]),
      }),
      codec: "${kind.codec}",
      importExtension: "ts",
      ${compression[kind.codec]}
      ${backends[kind.backend]},
    });
  `;
}

function nameOf({ backend, codec }: ShopKind): string {
  return `${backend}${codec.charAt(0).toUpperCase()}${codec.slice(1)}`;
}

function kindsText(kinds: readonly ShopKind[]): string {
  const makers = kinds.map((kind) => {
    const name = nameOf(kind);
    return { path: pathOf(kind), maker: `create${name.charAt(0).toUpperCase()}${name.slice(1)}Sessions` };
  });
  return [
    ...makers.map(({ path, maker }) => `import { ${maker} } from "./${path}/generated/index.ts";`),
    "export const kinds = {",
    ...makers.map(({ path, maker }) => `  "${path}": ${maker}(),`),
    "};",
  ].join("\n");
}

const app = `
import { fetchSession } from "@session-gen/runtime/fetch";
import { honoSession } from "@session-gen/runtime/hono";
import { Hono } from "hono";
import { kinds } from "./kinds.ts";

/** Changes that wait for the end of their request's body. */
let changing = 0;

const everything = {
  note: "Grüße, 日本, 🛒, and so on, ".repeat(20),
  since: new Date(1_700_000_000_123),
  total: 2n ** 70n,
  token: new Uint8Array([0, 127, 128, 255]),
  cart: [{ sku: "tea", price: 2.5 }, { sku: "kéttle", price: 19.99 }],
};

const answers = {
  read: () => {},
  login: (session) => {
    session.update({ userId: 42, ...everything });
  },
  logout: (session) => session.destroy(),
  change: async (session, request) => {
    changing += 1;
    await request.text();
    changing -= 1;
    session.visits += 1;
  },
};

async function answer(request, session) {
  const action = new URL(request.url).pathname.split("/").at(-1);
  await answers[action](session, request);
  return Response.json(action === "logout" ? {} : session);
}

const hono = new Hono();
const wrapped = {};
for (const [path, sessions] of Object.entries(kinds)) {
  wrapped[path] = fetchSession(sessions, answer);
  hono.use("/hono/" + path + "/*", honoSession(sessions));
  hono.all("/hono/" + path + "/*", (c) => answer(c.req.raw, sessions.of(c)));
}

/** Stores sessions and reads them, thousands of times. */
async function storm(sessions) {
  let found = 0;
  for (let at = 0; at < 5_000; at += 1) {
    const session = sessions.create({ userId: at, ...everything });
    await session.save();
    const loaded = await sessions.load(session.key);
    if (loaded?.userId === at && loaded.note === everything.note && loaded.total === everything.total) found += 1;
    await session.destroy();
  }
  return Response.json(found);
}

export function handle(request) {
  const [, adapter, path] = new URL(request.url).pathname.split("/");
  if (adapter === "hono") return hono.fetch(request);
  if (adapter === "fetch") return wrapped[path](request);
  if (adapter === "revoke") return kinds[path].revoke({ userId: 42 }).then((count) => Response.json(count));
  if (adapter === "storm") return storm(kinds[path]);
  return Response.json(changing);
}
`;
