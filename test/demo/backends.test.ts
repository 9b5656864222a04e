import { randomBytes } from "node:crypto";
import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "../house/source-files.js";
import { createProject, type InstalledProject } from "../packages/installed-project.js";
import { createDatabase, dropDatabase, openApp } from "../runtime/backends/server-under-test.js";
import { sharedServer } from "../servers/shared-server.js";
import { isNightly } from "../suites/faults/scale.js";
import { openShopIn } from "./shop-process.js";
import { createVisitor } from "./visitor.js";

/** A place for the shop's sessions: what its schema says instead, and what the schema cannot have then. */
interface Place {
  readonly words: string;
  readonly backend: string;
  readonly without?: readonly ("indexes" | "merge")[];
  /** Whether the sessions of a user can be found. */
  readonly finds: boolean;
  /** Whether they end with the process. */
  readonly forgets?: boolean;
}

const redis = await sharedServer("redis");
const prefix = `shop-${crypto.randomUUID()}`;
const keys = randomBytes(32).toString("base64url");
const folder = 'file({ directory: "./sessions" })';
const postgres = await databaseOn("postgres");
const mysql = await databaseOn("mysql");

const places: Readonly<Record<string, Place>> = {
  redis: { words: "redis", backend: `redis({ url: "${redis}", prefix: "${prefix}" })`, finds: true },
  replicated: {
    words: "file, redis, replicated",
    backend: `replicated({ primary: redis({ url: "${redis}", prefix: "${prefix}-2" }), secondary: ${folder} })`,
    finds: true,
  },
  MySQL: { words: "database", backend: `database({ dialect: "mysql", url: "${mysql}" })`, finds: true },
  cached: {
    words: "cached, database, redis",
    backend: `cached({ cache: redis({ url: "${redis}", prefix: "${prefix}-3" }), store: database({ dialect: "postgres", url: "${postgres}" }) })`,
    finds: true,
  },
  // The app has the migrations of the one before applied there.
  PostgreSQL: {
    words: "database",
    backend: `database({ dialect: "postgres", url: "${postgres}" })`,
    finds: true,
  },
  memory: { words: "memory", backend: "memory()", finds: true, forgets: true },
  files: { words: "file", backend: folder, finds: true },
  jwt: {
    words: "env, jwt",
    backend: 'jwt({ algorithm: "HS256", keys: env("SESSION_KEYS") })',
    without: ["indexes", "merge"],
    finds: false,
  },
  cookie: {
    words: "cookie, env",
    backend: 'cookie({ keys: env("SESSION_KEYS") })',
    without: ["indexes", "merge"],
    finds: false,
  },
};

/** Three commands and a server, on a machine that may be busy. */
const patience = { timeout: 120_000 };

let project: InstalledProject;

beforeAll(() => {
  project = createProject({
    packages: [
      "express",
      "@types/express",
      "hono",
      "@hono/node-server",
      "zod",
      "ioredis",
      "jose",
      "kysely",
      "pg",
      "mysql2",
    ],
  });
  cpSync(join(root, "tsconfig.base.json"), project.path("tsconfig.base.json"));
});

afterAll(() => project[Symbol.dispose]());

/** A database of its own, which goes with this file. */
async function databaseOn(dialect: "postgres" | "mysql"): Promise<string> {
  const server = { dialect, url: await sharedServer(dialect) };
  const admin = openApp(server);
  const own = await createDatabase(server, admin);
  afterAll(() => dropDatabase(own, admin));
  return own.url;
}

/** In every run those that differ most; nightly all. */
const quick = ["redis", "cookie"];
const tried = Object.entries(places).filter(([name]) => isNightly || quick.includes(name));

test.each(tried)("the shop runs on %s", patience, async (_name, place) => {
  for (const name of ["demo", "generated", "sessions"])
    rmSync(project.path(name), { recursive: true, force: true });
  cpSync(join(root, "demo"), project.path("demo"), { recursive: true });
  project.write("demo/session.schema.ts", schemaOn(place));
  const schema = ["--schema", "demo/session.schema.ts"];
  expect(await project.run("session-gen", ...schema)).toMatchObject({ code: 0 });
  // As `npm start` does, on every backend.
  expect(await project.run("session-gen", "migrate", "up", ...schema)).toMatchObject({ code: 0 });
  expect(await project.run("tsc", "-p", "demo/tsconfig.json")).toEqual({ code: 0, output: "" });

  const settings = { ...project.environment, SESSION_KEYS: keys };
  let shop = await openShopIn(project.folder, settings);
  const [laptop, phone] = [createVisitor(shop.origin), createVisitor(shop.origin)];
  await laptop.submit("/cart/add", { sku: "pilea" });
  for (const visitor of [laptop, phone])
    expect(await visitor.submit("/sign-in", { name: "Ada", stay: "yes", next: "/cart" })).toBe("/cart");
  expect(await laptop.visit("/cart")).toContain('data-sku="pilea"');

  expect(devicesOn(await laptop.visit("/devices"))).toBe(place.finds ? 2 : 1);
  // The other front keeps its sessions there too.
  const careDesk = await openShopIn(project.folder, settings, "care desk");
  const greeting = await laptop.returnTo(careDesk.origin).visit("/");
  expect(greeting.includes("For your plants, Ada.")).toBe(place.forgets !== true);
  expect(await careDesk.stop()).toBe(0);

  await laptop.submit("/devices/sign-out-others");
  // Where others cannot be found, they cannot be signed out either.
  if (place.finds) expect(await phone.visit("/devices")).toContain("/sign-in");
  else expect(devicesOn(await phone.visit("/devices"))).toBe(1);

  expect(await shop.stop()).toBe(0);
  shop = await openShopIn(project.folder, settings);
  const back = laptop.returnTo(shop.origin);
  if (place.forgets) expect(await back.visit("/devices")).toContain("/sign-in");
  else expect(devicesOn(await back.visit("/devices"))).toBe(1);
  await back.submit("/sign-out");
  expect(await back.visit("/devices")).toContain("/sign-in");
  expect(await shop.stop()).toBe(0);
});

/** The shop's schema with another line for the backend, and what that does not allow taken out. */
function schemaOn({ words, backend, without = [] }: Place): string {
  const schema = readFileSync(join(root, "demo/session.schema.ts"), "utf8");
  const lines = schema.split("\n").flatMap((line) => {
    if (line.endsWith('from "session-gen";'))
      return [`import { defineSession, ${words} } from "session-gen";`];
    if (line.startsWith("  backend: ")) return [`  backend: ${backend},`];
    return without.some((option) => line.startsWith(`  ${option}: `)) ? [] : [line];
  });
  return lines.join("\n");
}

function devicesOn(page: string): number {
  return page.split('class="row device"').length - 1;
}
