import fastifyCookie from "@fastify/cookie";
import pluginSession from "@fastify/session";
import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import { fastifySession } from "@session-gen/runtime/fastify";
import fastify, { type FastifyInstance } from "fastify";
import { createSessions } from "../generated/index.js";

/** What the server tells its parent once it listens. */
export interface Listening {
  readonly port: number;
  /** One for each session; none without sessions. */
  readonly cookies: readonly string[];
}

/** A handler that answers with one field: of no session, of ours, or of one of @fastify/session. */
export type Mode = "plain" | "ours" | "plug-in";

const users = Array.from({ length: 1000 }, (_, index) => `user-${index}`);
const prepare: Readonly<Record<string, (app: FastifyInstance) => Promise<readonly string[]>>> = {
  plain: preparePlain,
  ours: prepareOurs,
  "plug-in": preparePlugin,
} satisfies Record<Mode, unknown>;

const app = fastify();
const cookies = (await prepare[process.argv[2] ?? ""]?.(app)) ?? [];
const url = await app.listen({ port: 0, host: "127.0.0.1" });
process.on("message", () => process.send?.(process.cpuUsage()));
process.send?.({ port: Number(new URL(url).port), cookies } satisfies Listening);

async function preparePlain(app: FastifyInstance): Promise<readonly string[]> {
  app.get("/", (_request, reply) => {
    reply.send({ userId: "user-500" });
  });
  return [];
}

async function prepareOurs(app: FastifyInstance): Promise<readonly string[]> {
  const sessions = createSessions({ backend: createMemoryBackend() });
  app.register(fastifySession, { sessions });
  app.get("/", (request, reply) => {
    reply.send({ userId: sessions.of(request).userId });
  });
  const keys = users.map((userId, visits) =>
    sessions.create({ userId, name: "Ada", theme: "dark", visits }).ensureKey(),
  );
  return (await Promise.all(keys)).map((key) => `__Host-session=${key}`);
}

/** With its own MemoryStore, and as its manual advises: a session that holds nothing is not saved. */
async function preparePlugin(app: FastifyInstance): Promise<readonly string[]> {
  app.register(fastifyCookie);
  app.register(pluginSession, {
    secret: "the same secret for every run of this bench",
    saveUninitialized: false,
    cookie: { secure: false },
  });
  app.get("/login/:userId", (request, reply) => {
    const { userId } = request.params as { readonly userId: string };
    Object.assign(request.session, { userId, name: "Ada", theme: "dark", visits: 1 });
    reply.send({});
  });
  app.get("/", (request, reply) => {
    reply.send({ userId: Reflect.get(request.session, "userId") });
  });
  const answers = await Promise.all(users.map((userId) => app.inject({ url: `/login/${userId}` })));
  return answers.flatMap(({ cookies }) =>
    cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`),
  );
}
