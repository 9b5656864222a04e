import * as words from "session-gen";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { unknownSource } from "../../../generator/load/source-node.js";
import type { FieldModel, Settings } from "../../../generator/model/model.js";
import { readFields } from "../../../generator/model/read-fields.js";
import { nearest } from "../../../generator/rules/nearest.js";
import { readSettings } from "../../../generator/rules/settings.js";
import type { SchemaFault } from "../../../generator/schema-error.js";

const source = unknownSource("/session.schema.ts");
const shape = z.object({
  userId: z.int().optional(),
  email: z.string().max(255).optional(),
  theme: z.enum(["dark", "light"]).nullish(),
  seen: z.date().optional(),
  big: z.bigint().optional(),
  ok: z.boolean().optional(),
  ratio: z.number().optional(),
  mixed: z.union([z.string().max(5), z.int()]).optional(),
  either: z.literal(["a", 1]).optional(),
  bytes: z.instanceof(Uint8Array).optional(),
  record: z.record(z.string(), z.string()).optional(),
  pair: z.tuple([z.int(), z.int()]).optional(),
  list: z.array(z.int()).default([]),
});

const postgres = words.database({ dialect: "postgres", url: words.env("URL", "postgres://a"), schema: "b" });
const keptBackends = {
  cache: words.cache(),
  redis: words.redis({ url: words.env("REDIS_URL", "redis://a"), prefix: "app:{1}" }),
  sentinels: words.redis({ sentinels: { hosts: ["redis://a", words.env("B")], name: "main" } }),
  cluster: words.redis({ cluster: ["redis://a", "redis://b"] }),
  postgres,
  mysql: words.database({ dialect: "mysql", url: "mariadb://a", table: "t" }),
  file: words.file({ directory: "./sessions" }),
  cookie: words.cookie({
    keys: ["Hs0bXWq8r0wq2oN1m8a5ZC0YxgkT4dPpE6vUuJ7iLfA", words.env("B")],
    revocation: words.cached({ cache: words.cache(), store: postgres }),
  }),
  jwt: words.jwt({
    algorithm: "EdDSA",
    keys: words.env("K"),
    issuer: "i",
    audience: words.env("A"),
    jwks: "https://a",
  }),
  cached: words.cached({
    cache: words.redis({ url: "redis://a" }),
    store: words.redis({ url: "redis://a", prefix: "b" }),
  }),
  memories: words.replicated({
    primary: words.memory(),
    secondary: words.memory({ maxSessions: 5 }),
    mode: "sync",
  }),
  replicated: words.replicated({
    primary: words.cached({ cache: words.memory(), store: postgres }),
    secondary: words.file({ directory: words.env("COPIES") }),
    mode: "acknowledged",
    failover: "write",
    retry: { attempts: 1, delay: "1s", maxDelay: "1s" },
  }),
  custom: words.custom({ find: true, list: false }),
};

describe("readSettings", () => {
  it("fills in what is absent", () => {
    expect(read({})).toEqual({
      name: "session",
      faults: [],
      settings: {
        indexes: [],
        merge: {},
        redact: [],
        backend: { backend: "memory" },
        codec: "json",
        adapters: [],
        output: "./generated",
        migrations: "./migrations",
      },
    });
  });

  it("keeps what is given, as it was written", () => {
    const { settings, name, faults } = read({
      name: "adminSession",
      indexes: ["userId", "email", "theme", "seen", "big", "ok", "ratio"],
      merge: { userId: "sum", big: "sum", ratio: "sum", list: "union", record: "reject", pair: "replace" },
      redact: ["bytes"],
      backend: words.database({
        dialect: "sqlite",
        url: words.env("DATABASE_URL"),
        schema: "main",
        table: "admin_sessions",
      }),
      codec: "json",
      expiry: { idle: "30m", absolute: 86_400, touchAfter: "30m" },
      rotation: { onChange: ["userId"], every: false },
      cookie: {
        name: words.env("COOKIE", "id"),
        secure: true,
        httpOnly: true,
        sameSite: "none",
        path: "/app",
        domain: "example.com",
        maxAge: "7d",
        partitioned: true,
        priority: "high",
      },
      deadline: "1.5s",
      onInvalid: "drop-field",
      adapters: ["express", "fastify", "node"],
      output: "../src/generated",
      migrations: "../migrations",
      importExtension: "none",
    });
    expect(faults).toEqual([]);
    expect(name).toBe("adminSession");
    expect(settings).toMatchSnapshot();
  });

  it.each(Object.entries(keptBackends))("keeps %s, as it was written", (_, backend) => {
    const { settings, faults } = read({ backend });
    expect(faults).toEqual([]);
    expect(settings?.backend).toEqual(asModel(backend));
  });

  it("does not offer env where a string is part of the generated code", () => {
    const fault = expect.stringMatching(/tenancy\.prefix: it must be a string$/m);
    expect(read({ tenancy: { prefix: 5 } }).faults).toEqual([fault]);
    expect(read({ tenancy: { prefix: words.env("A") } }).faults[0]).toMatch("cannot come from `env`");
  });

  it("takes rotation: false", () => {
    expect(read({ rotation: false }).settings?.rotation).toBe(false);
  });

  it.each(["mixed", "either", "bytes", "record", "pair", "list"])("refuses an index on %s", (field) => {
    expect(read({ indexes: [field] }).faults[0]).toMatch(`indexes: an index on \`${field}\` is not possible`);
  });

  it.each([
    ["sum", "email"],
    ["sum", "theme"],
    ["sum", "seen"],
    ["append", "pair"],
    ["union", "record"],
  ])("refuses %s of %s", (strategy, field) => {
    expect(read({ merge: { [field]: strategy } }).faults[0]).toMatch(`merge.${field}: "${strategy}" is for`);
  });

  it.each([
    [{ expiry: { touchAfter: "61m" } }, 'expiry.touchAfter: it must not be above `idle` ("1h", unless'],
    [{ expiry: { idle: "15d" } }, 'expiry.idle: it must not be above `absolute` ("14d", unless'],
    [{ expiry: { idle: "2h", absolute: 3600 } }, "expiry.idle: it must not be above `absolute` (3600)"],
    [
      { backend: { ...words.redis({ url: "" }), options: { url: undefined } } },
      "redis.url: it is required: a string, or `env(",
    ],
    [{ cookie: { name: "__Secure-id", secure: false } }, "cookie.name: browsers drop"],
    [{ cookie: { name: "__host-id", path: "/x" } }, "cookie.path: a `__Host-` cookie"],
    [{ cookie: { sameSite: "none", secure: false } }, "cookie.sameSite: browsers drop"],
    [{ cookie: { path: "/a;b" } }, "cookie.path: it must start"],
    [{ cookie: "x" }, "cookie: it must be an object"],
    [{ indexes: "userId" }, "indexes: it must be a list"],
    [{ merge: ["userId"] }, "merge: it must be an object"],
    [{ backend: "memory" }, "backend: it must be a backend word"],
    [{ backend: words.memory({ maxSessions: 0 }) }, "memory.maxSessions: it must be a whole number"],
    [{ deadline: "36526d" }, "deadline: it must be a duration"],
    [{ deadline: Number.NaN }, "deadline: it must be a duration"],
    [{ name: words.env("NAME") }, "name: it is needed while generating"],
    [{ name: "Session" }, "name: it must be a camelCase word"],
    [{ name: "baseSession" }, 'name: the class of "baseSession"'],
    [{ name: "sessionsOption" }, 'name: the class of "sessionsOption"'],
    [{ name: "body" }, "name: a request has its own `body`"],
    [{ name: "constructor" }, "name: a request has its own `constructor`"],
    [{ output: ".." }, "output: it must be a folder of its own"],
    [{ output: "C:/x" }, "output: it must be relative"],
    [{ codec: "xml" }, 'codec: it must be "json" or'],
  ])("refuses %j", (options, message) => {
    const { faults } = read(options);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.startsWith(message)).toBe(true);
  });

  it("does not say of a field that was refused that it does not exist", () => {
    const faults: SchemaFault[] = [];
    const known = readFields(z.object({ a: z.any().optional() }), source, faults);
    readSettings({ shape, redact: ["a"] }, source, known, faults);
    expect(faults).toHaveLength(1);
  });
});

describe("nearest", () => {
  it.each([
    ["indices", "indexes"],
    ["Backend", "backend"],
    ["bakcend", "backend"],
    ["redacted", "redact"],
    ["completely", undefined],
  ])("finds for %s %s", (word, expected) => {
    expect(nearest(word, ["indexes", "backend", "redact", "codec"])).toBe(expected);
  });
});

/** What a word becomes: its options beside its name, words inside likewise. */
function asModel(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const members = Object.entries(value).map(([name, member]: [string, unknown]) => [name, asModel(member)]);
  const { options, ...rest }: { options?: object } = Object.fromEntries(members);
  return { ...rest, ...options };
}

interface Read {
  readonly name: string | undefined;
  readonly settings: Settings | undefined;
  readonly faults: readonly string[];
}

function read(options: Readonly<Record<string, unknown>>): Read {
  const faults: SchemaFault[] = [];
  const known: { readonly names: readonly string[]; readonly fields: readonly FieldModel[] } = readFields(
    shape,
    source,
    faults,
  );
  const result = readSettings({ shape, ...options }, source, known, faults);
  return { name: result?.name, settings: result?.settings, faults: faults.map(({ message }) => message) };
}
