import { randomBytes } from "node:crypto";
import { sealData } from "iron-session";
import { expect, test } from "vitest";
import { isNightly } from "../suites/faults/scale.js";
import { codeBlock, codeBlocks } from "./code-blocks.js";
import { createProject, type InstalledProject } from "./installed-project.js";
import { installOnDemand, linkPackages } from "./on-demand.js";
import { startApp } from "./running-app.js";
import { decoratorsConfig, strictAppConfig, strictConfig } from "./strict-project.js";

/** A handful of processes, on a machine that may be busy. */
const patience = { timeout: isNightly ? 600_000 : 180_000 };

const nestPackages = [
  ...["@nestjs/common", "@nestjs/core", "@nestjs/platform-express"],
  ...["reflect-metadata", "rxjs"],
];

const pages: readonly (readonly [page: string, packages: readonly string[]])[] = [
  ["express", ["express", "@types/express"]],
  ["fastify", ["fastify"]],
  ["hono", ["hono", "@hono/node-server"]],
  ["koa", ["koa", "@types/koa"]],
  ["fetch", ["@hono/node-server", "hono"]],
  ["nest", nestPackages],
];

const configs: Readonly<Record<string, string>> = {
  express: strictConfig,
  fastify: strictConfig,
  nest: decoratorsConfig,
};

/** What must not compile beside the code of a page. */
const mistakes: Readonly<Record<string, string>> = {
  nest: `
    import { CurrentSession } from "@session-gen/runtime/nest";
    import { Get } from "@nestjs/common";
    import type { Session } from "./generated/index.js";

    export class Mistaken {
      @Get()
      fine(@CurrentSession() session: Session, @CurrentSession() part: { visits: number }): void {
        console.log(session, part);
      }
      @Get("wrong")
      // @ts-expect-error
      wrong(@CurrentSession() session: { visits: string }): void {
        console.log(session);
      }
    }
  `,
};

// Compiling takes long: in every run one of them, nightly all.
test.each(isNightly ? pages : pages.filter(([page]) => page === "hono"))(
  "the page on %s compiles as it is printed, and its app works",
  patience,
  async (page, packages) => {
    using project = createProject({ packages: ["zod", ...packages] });
    await tryPage(page, project);
  },
);

if (isNightly) {
  test("the page on nest compiles as it is printed, and its app works, on Nest 11", patience, async () => {
    using project = createProject({ packages: ["zod"] });
    const versions = ["^11.0.0", "^11.0.0", "^11.0.0", "^0.2.0", "^7.0.0"];
    const dependencies = Object.fromEntries(nestPackages.map((name, at) => [name, versions[at] ?? ""]));
    linkPackages(project, installOnDemand("nest-11", dependencies), nestPackages);
    await tryPage("nest", project);
  });
}

async function tryPage(page: string, project: InstalledProject): Promise<void> {
  for (const { name, text } of codeBlocks(`docs/frameworks/${page}.md`)) project.write(name, text);
  expect(await project.run("session-gen")).toMatchObject({ code: 0 });
  project.write("tsconfig.json", configs[page] ?? strictAppConfig);
  project.write("mistakes.ts", mistakes[page] ?? "export {};");
  expect(await project.run("tsc")).toEqual({ code: 0, output: "" });
  await using app = await startApp(project, "app.ts");
  const jar = new Map<string, string>();
  expect(await app.send("GET", "/", jar)).toEqual({ visits: 1 });
  const [key] = jar.values();
  await app.send("POST", "/login", jar);
  expect([...jar.values()]).not.toEqual([key]);
  expect(await app.send("GET", "/", jar)).toEqual({ visits: 2 });
  await app.send("POST", "/logout", jar);
  expect(await app.send("GET", "/", new Map(jar))).toEqual({ visits: 1 });
}

test(
  "the page on requests from other sites compiles as it is printed, and its app refuses them",
  patience,
  async () => {
    using project = createProject({ packages: ["zod", "express", "@types/express"] });
    for (const { name, text } of codeBlocks("docs/csrf.md")) project.write(name, text);
    expect(await project.run("session-gen")).toMatchObject({ code: 0 });
    project.write("tsconfig.json", strictConfig);
    expect(await project.run("tsc")).toEqual({ code: 0, output: "" });
    await using app = await startApp(project, "app.ts");
    const page = await fetch(app.url);
    const [cookie = ""] = page.headers.getSetCookie().map((line) => line.split(";", 1)[0] ?? "");
    const [, token = ""] = /value="([^"]+)"/.exec(await page.text()) ?? [];
    const post = async (fields: Readonly<Record<string, string>>, site?: string): Promise<number> => {
      const answer = await fetch(app.url, {
        method: "POST",
        body: new URLSearchParams(fields),
        redirect: "manual",
        headers: { cookie, ...(site !== undefined && { "sec-fetch-site": site }) },
      });
      return answer.status;
    };
    expect(await post({ _csrf: token })).toBe(303);
    expect(await post({})).toBe(403);
    expect(await post({}, "same-origin")).toBe(303);
    expect(await post({ _csrf: token }, "cross-site")).toBe(403);
  },
);

// It is compiled as those are; its sessions move in test/http.
test.each(isNightly ? ["docs/moving-in.md"] : [])(
  "the page on moving in compiles as it is printed: %s",
  patience,
  async (page) => {
    const old = ["express-session", "@types/express-session", "connect-redis", "redis"];
    using project = createProject({
      packages: ["zod", "express", "@types/express", "fastify", "ioredis", "iron-session", ...old],
    });
    for (const { name, text } of codeBlocks(page)) project.write(name, text);
    expect(await project.run("session-gen")).toMatchObject({ code: 0 });
    project.write("tsconfig.json", strictAppConfig);
    expect(await project.run("tsc")).toEqual({ code: 0, output: "" });
  },
);

test("whoever comes with a seal of iron-session stays signed in, until a logout", patience, async () => {
  using project = createProject({ packages: ["zod", "express", "@types/express", "iron-session"] });
  project.write("iron-app.ts", codeBlock("docs/moving-in.md", "iron-app.ts"));
  project.write("session.schema.ts", sealedSchema);
  expect(await project.run("session-gen")).toMatchObject({ code: 0 });
  await using app = await startApp(project, "iron-app.ts");
  const password = "the old password, of 32 characters";
  const seal = await sealData({ user: 42 }, { password });
  const browser = new Map([["app_session", seal]]);
  expect(await app.send("GET", "/", browser)).toEqual({ userId: 42 });
  expect([browser.get("app_session"), browser.has("__Host-session")]).toEqual(["", true]);
  expect(await app.send("GET", "/", browser)).toEqual({ userId: 42 });
  const copy = new Map(browser);
  await app.send("GET", "/logout", browser);
  for (const one of [browser, copy]) expect(await app.send("GET", "/", one)).toEqual({ userId: null });
  for (const forged of [seal.replace(/.$/, "~"), "%E0%A4", "Fe26.2*1*x*y*z**a*b*~2"]) {
    const jar = new Map([["app_session", forged]]);
    expect(await app.send("GET", "/", jar)).toEqual({ userId: null });
  }
});

const sealedSchema = `
import { cookie, defineSession, memory } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional() }),
  backend: cookie({ keys: "${randomBytes(32).toString("base64url")}", revocation: memory() }),
});
`;
