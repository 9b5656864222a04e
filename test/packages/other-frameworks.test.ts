import { expect, test } from "vitest";
import { isNightly } from "../suites/faults/scale.js";
import { codeBlocks } from "./code-blocks.js";
import { createProject } from "./installed-project.js";
import { installOnDemand, linkPackages } from "./on-demand.js";
import { strictAppConfig } from "./strict-project.js";

const page = "docs/frameworks/others.md";

/** Of SvelteKit only a type is used, which is stood in for: built and served it is tried in a test of its own. */
const frameworks = {
  ...{ h3: "1", elysia: "1", "@trpc/server": "11" },
  ...{ "react-router": "7", react: "19", "react-dom": "19", "@types/react": "19" },
};

if (isNightly) {
  test("the recipes for other frameworks compile as they are printed, and keep sessions", async () => {
    using project = createProject({ packages: ["zod"] });
    linkPackages(project, installOnDemand("frameworks", frameworks), Object.keys(frameworks));
    for (const { name, text } of codeBlocks(page)) project.write(name, text);
    expect(await project.run("session-gen")).toMatchObject({ code: 0 });
    project.write("sveltekit.d.ts", sveltekit);
    project.write("check.ts", check);
    const { compilerOptions, ...files } = JSON.parse(strictAppConfig);
    const relaxed = {
      ...compilerOptions,
      isolatedDeclarations: false,
      declaration: false,
      lib: ["es2023", "dom", "esnext.disposable"],
    };
    project.write("tsconfig.json", JSON.stringify({ compilerOptions: relaxed, ...files }));
    expect(await project.run("tsc")).toEqual({ code: 0, output: "" });
    const { output } = await project.run("tsx", "check.ts");
    expect(output.trim().split("\n")).toEqual([
      'sveltekit {"visits":1} {"visits":2}',
      'react-router {"visits":1} {"visits":2}',
      'elysia {"visits":1} {"visits":2}',
      'h3 {"visits":1} {"visits":2}',
      'trpc {"result":{"data":{"visits":1}}} {"result":{"data":{"visits":2}}}',
      "elysia theme __Host-session",
      "sveltekit 302 http://localhost/next __Host-session",
      "react-router 302 http://localhost/next __Host-session",
    ]);
  }, 600_000);
}

test("the page on other frameworks has a recipe for each", () => {
  expect(codeBlocks(page).map(({ name }) => name)).toEqual([
    ...["session.schema.ts", "sessions.ts", "hooks.server.ts", "react-router.config.ts", "root.ts"],
    ...["elysia.ts", "h3.ts", "trpc.ts"],
  ]);
});

const sveltekit = `
declare module "@sveltejs/kit" {
  interface RequestEvent { request: Request; locals: object }
  type Handle = (input: {
    event: RequestEvent;
    resolve: (event: RequestEvent) => Response | Promise<Response>;
  }) => Response | Promise<Response>;
}
`;

/** Visits each twice, with the cookie that the first visit gave. */
const check = `
import { toWebHandler } from "h3";
import { RouterContextProvider } from "react-router";
import { app, handle as elysia } from "./elysia.js";
import type { Session } from "./generated/index.js";
import { app as h3 } from "./h3.js";
import { handle as sveltekit } from "./hooks.server.js";
import { middleware, sessionContext } from "./root.js";
import { handle as trpc } from "./trpc.js";

const visit = (session: Session, url: string): Response => {
  session.visits += 1;
  // Its headers cannot change.
  if (url.endsWith("/redirect")) return Response.redirect("http://localhost/next");
  return Response.json({ visits: session.visits });
};

const handlers: Record<string, (request: Request) => Response | Promise<Response>> = {
  sveltekit: (request) =>
    sveltekit({
      event: { request, locals: {} },
      resolve: ({ locals }) => visit((locals as { session: Session }).session, request.url),
    }),
  "react-router": async (request) => {
    const context = new RouterContextProvider();
    const [first] = middleware;
    const args = { request, context, params: {}, pattern: "/", url: new URL(request.url) };
    const next = async (): Promise<Response> => visit(context.get(sessionContext), request.url);
    return (await first?.(args as unknown as Parameters<typeof first>[0], next)) as Response;
  },
  elysia,
  h3: toWebHandler(h3),
  trpc,
};

app.get("/themed", ({ session, cookie }) => {
  cookie["theme"]?.set({ value: "dark" });
  return session.update({ visits: 5 });
});

for (const [name, handle] of Object.entries(handlers)) {
  const isTrpc = name === "trpc";
  const url = isTrpc ? "http://localhost/trpc/visit" : "http://localhost/";
  const bodies: string[] = [];
  let cookie = "";
  for (let visits = 0; visits < 2; visits += 1) {
    const headers = { cookie, ...(isTrpc && { "content-type": "application/json" }) };
    const response = await handle(new Request(url, { method: isTrpc ? "POST" : "GET", headers }));
    cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
    bodies.push(await response.text());
  }
  console.log(name, ...bodies);
}

const themed = await elysia(new Request("http://localhost/themed"));
console.log("elysia", ...themed.headers.getSetCookie().map((line) => line.split("=")[0]));

for (const name of ["sveltekit", "react-router"]) {
  const redirect = await handlers[name]?.(new Request("http://localhost/redirect"));
  const [cookie] = redirect?.headers.getSetCookie() ?? [];
  console.log(name, redirect?.status, redirect?.headers.get("location"), cookie?.split("=")[0]);
}
`;
