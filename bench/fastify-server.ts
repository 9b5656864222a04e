import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import { fastifySession } from "@session-gen/runtime/fastify";
import fastify from "fastify";
import { createSessions } from "../generated/index.js";

/** What the server tells its parent once it listens. */
export interface Listening {
  readonly port: number;
  readonly cookies: readonly string[];
}

const withSessions = process.argv[2] === "sessions";
const app = fastify();
const cookies: string[] = [];

if (withSessions) {
  const sessions = createSessions({ backend: createMemoryBackend() });
  app.register(fastifySession, { sessions });
  for (let index = 0; index < 1000; index += 1) {
    const session = sessions.create({ userId: `user-${index}`, name: "Ada", theme: "dark", visits: index });
    await session.save();
    cookies.push(`__Host-session=${session.key}`);
  }
  app.get("/", (request, reply) => {
    reply.send({ userId: sessions.of(request).userId });
  });
} else {
  app.get("/", (_request, reply) => {
    reply.send({ userId: "user-500" });
  });
}

const url = await app.listen({ port: 0, host: "127.0.0.1" });
process.on("message", () => process.send?.(process.cpuUsage()));
process.send?.({ port: Number(new URL(url).port), cookies } satisfies Listening);
