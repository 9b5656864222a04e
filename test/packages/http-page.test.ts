import { expect, test } from "vitest";
import { codeBlocks } from "./code-blocks.js";
import { createProject } from "./installed-project.js";
import { strictAppConfig } from "./strict-project.js";

/** A handful of processes, on a machine that may be busy. */
const patience = { timeout: 600_000 };

test(
  "the page on HTTP compiles as it is printed: kinds live side by side in every framework, and its socket hears of a logout",
  patience,
  async () => {
    using project = createProject({
      packages: [
        "zod",
        "express",
        "@types/express",
        "fastify",
        "hono",
        "koa",
        "@types/koa",
        "ws",
        "@types/ws",
      ],
    });
    for (const { name, text } of codeBlocks("docs/http.md")) project.write(name, text);
    const schemas = ["--schema", "session.schema.ts", "--schema", "admin.schema.ts"];
    expect(await project.run("session-gen", ...schemas)).toMatchObject({ code: 0 });
    project.write("typings.ts", typings);
    project.write("tsconfig.json", strictAppConfig);
    expect(await project.run("tsc")).toEqual({ code: 0, output: "" });
    project.write("chatting.ts", chatting);
    expect(await project.run("tsx", "chatting.ts")).toEqual({
      code: 0,
      output: "Unexpected server response: 401\n42 says hello\n1008 signed out\n",
    });
  },
);

const chatting = `
import { once } from "node:events";
import { createTestSession } from "@session-gen/runtime/testing";
import { WebSocket } from "ws";
import { createSessions } from "./generated/index.js";

process.env["PORT"] = "0";
const { server } = await import("./socket.js");
const at = \`ws://localhost:\${Reflect.get(Object(server.address()), "port")}\`;
const [refusal] = await once(new WebSocket(at), "error");
console.log(refusal.message);
const { session, cookie } = await createTestSession(createSessions(), { userId: 42 });
const socket = new WebSocket(at, { headers: { cookie } });
await once(socket, "open");
socket.send("hello");
console.log(String((await once(socket, "message"))[0]));
await session.destroy();
socket.send("still there?");
const [code, reason] = await once(socket, "close");
console.log(code, String(reason));
process.exit();
`;

const typings = `
import type { Request } from "express";
import type { FastifyRequest } from "fastify";
import type { Context } from "hono";
import type { Context as KoaContext, ParameterizedContext } from "koa";
import type { AdminSession } from "./admin/index.js";
import type { Session } from "./generated/index.js";

export function express(req: Request): [Session, AdminSession] {
  // @ts-expect-error
  req.session.userId = "42";
  return [req.session, req.adminSession];
}
export function fastify(request: FastifyRequest): [Session, AdminSession] {
  // @ts-expect-error
  request.session.userId = "42";
  return [request.session, request.adminSession];
}
export function hono(c: Context): [Session, AdminSession] {
  // @ts-expect-error
  c.var.session.userId = "42";
  return [c.var.session, c.get("adminSession")];
}
export function honoTyped(c: Context<{ Variables: { user: string } }>): [Session, AdminSession, string] {
  // @ts-expect-error
  c.get("session").userId = "42";
  return [c.get("session"), c.var.adminSession, c.var.user];
}
export function koa(ctx: KoaContext): [Session, AdminSession] {
  // @ts-expect-error
  ctx.session.userId = "42";
  return [ctx.session, ctx.adminSession];
}
export function koaTyped(ctx: ParameterizedContext<{ user: string }, { mine: number }>): [Session, AdminSession, number] {
  // @ts-expect-error
  ctx.session.userId = "42";
  return [ctx.session, ctx.adminSession, ctx.mine];
}
`;
