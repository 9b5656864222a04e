import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import rootPackage from "../package.json" with { type: "json" };
import { root } from "../test/house/source-files.js";
import { publish, type ResultRow } from "./results.js";
import { median } from "./statistics.js";

/**
 * What a production install weighs and how long its cold import takes, beside express-session with connect-redis; and what a
 * hello-world bundled for the edge weighs. Asks the npm registry.
 */
const rounds = Number(process.argv[2] ?? 15);

interface Installed {
  readonly folder: string;
  readonly packages: number;
  readonly bytes: number;
}

const folder = mkdtempSync(join(tmpdir(), "session-gen-bench-"));
const { devDependencies } = rootPackage;
const ours = install("ours", ["ioredis"], [pack()]);
const theirs = install("theirs", ["express-session", "connect-redis", "redis"]);
writeFileSync(join(ours.folder, "bare.mjs"), "");
writeFileSync(
  join(ours.folder, "import.mjs"),
  `import { openSessions } from "@session-gen/runtime";
import { createRedisBackend } from "@session-gen/runtime/backends/redis";
import { expressSession } from "@session-gen/runtime/express";
import { jsonCodec } from "@session-gen/runtime/codecs/json";
import { Redis } from "ioredis";
`,
);
writeFileSync(
  join(theirs.folder, "import.mjs"),
  `import session from "express-session";
import { RedisStore } from "connect-redis";
import { createClient } from "redis";
`,
);
const bare: number[] = [];
const imports = { ours: [] as number[], theirs: [] as number[] };
for (let round = -1; round < rounds; round += 1) {
  const [none, mine, other] = [
    start(ours.folder, "bare.mjs"),
    start(ours.folder, "import.mjs"),
    start(theirs.folder, "import.mjs"),
  ];
  // The first fills the machine's caches.
  if (round < 0) continue;
  bare.push(none);
  imports.ours.push(mine - none);
  imports.theirs.push(other - none);
}
const edge = await bundle(
  `import { openSealedSessions } from "@session-gen/runtime";
import { createCookieBackend } from "@session-gen/runtime/backends/cookie";
import { fetchSession } from "@session-gen/runtime/fetch";
import { codec } from "${root}/bench/example/generated/codec.ts";
import { Session } from "${root}/bench/example/generated/session.ts";
import { shape } from "${root}/bench/example/generated/shape.ts";
import { checkWire } from "${root}/bench/example/generated/validate.ts";
const kind = { name: "session", Session, shape, shapeHash: "f1bd3bd99c641b8f", checkWire, codec };
const sessions = openSealedSessions(kind, {}, (cookieName) => createCookieBackend({ keys: process.env.KEY, cookieName }));
export default { fetch: fetchSession(sessions, (request, session) => new Response("hello " + (session.visits += 1))) };
`,
);
const ironEdge = await bundle(
  `import { getIronSession } from "iron-session";
export default { async fetch(request) {
  const response = new Response("hello");
  const session = await getIronSession(request, response, { password: process.env.KEY, cookieName: "sid" });
  session.visits = (session.visits ?? 0) + 1;
  await session.save();
  return response;
} };
`,
);
rmSync(folder, { recursive: true });

const against = "express-session, connect-redis, redis";
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;
const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
const milliseconds = (list: readonly number[]): string => `${median(list).toFixed(0)} ms`;
const rows: ResultRow[] = [
  {
    ...{ what: "packages of a production install", against, values: [ours.packages / theirs.packages] },
    ...{ atMost: 1, note: `${ours.packages}; ${theirs.packages}` },
  },
  {
    ...{ what: "bytes of a production install", against, values: [ours.bytes / theirs.bytes], atMost: 1 },
    note: `${megabytes(ours.bytes)}; ${megabytes(theirs.bytes)}`,
  },
  {
    ...{ what: "cold import", against, atMost: 1 },
    values: imports.ours.map((mine, round) => mine / (imports.theirs[round] ?? Number.NaN)),
    note: `${milliseconds(imports.ours)}; ${milliseconds(imports.theirs)}; Node itself ${milliseconds(bare)}`,
  },
  {
    what: "hello-world with an encrypted cookie, bundled, gzip",
    ...{ against: "iron-session", values: [edge.gzip / ironEdge.gzip], digits: 1 },
    note: `${kilobytes(edge.gzip)}, ${kilobytes(edge.bytes)} before gzip; ${kilobytes(ironEdge.gzip)}, ${kilobytes(ironEdge.bytes)}`,
  },
];
publish("install", {
  title: "Production install and bundle",
  conditions: [
    "`npm install --omit=dev` of the packed @session-gen/runtime and ioredis, and of express-session, connect-redis and redis, each into an empty folder, in the versions that this repository tests with. Bytes are those of all files in node_modules.",
    "Cold import: processor time of a new process that imports what an Express app of either kind does, less that of one that imports nothing; Express itself is in neither.",
    "The bundle: esbuild, minified, ES modules, `node:` left to the platform. Ours holds the generated code of bench/example, which checks and encodes each field, and what the runtime's session imports, whether this hello-world uses it or not; iron-session's seals an object as JSON, without a schema.",
  ],
  rows,
});

/** The tarball of the runtime as npm would publish it. */
function pack(): string {
  const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const report = execFileSync("npm", args, { cwd: join(root, "runtime"), encoding: "utf8" });
  return join(folder, JSON.parse(report)[0].filename);
}

type Dependency = keyof typeof devDependencies;

function install(
  name: string,
  dependencies: readonly Dependency[],
  tarballs: readonly string[] = [],
): Installed {
  const target = join(folder, name);
  mkdirSync(target);
  writeFileSync(join(target, "package.json"), JSON.stringify({ name, private: true, type: "module" }));
  const wanted = [...tarballs, ...dependencies.map((each) => `${each}@${devDependencies[each]}`)];
  execFileSync("npm", ["install", "--omit=dev", "--no-audit", "--no-fund", ...wanted], {
    cwd: target,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const lock = JSON.parse(readFileSync(join(target, "package-lock.json"), "utf8"));
  const modules = join(target, "node_modules");
  const sizes = readdirSync(modules, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== ".package-lock.json")
    .map((entry) => statSync(join(entry.parentPath, entry.name)).size);
  return {
    folder: target,
    packages: Object.keys(lock.packages).filter((path) => path !== "").length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}

/** Milliseconds of processor time of a new process, from its start to its end. */
function start(cwd: string, script: string): number {
  const report = `process.on("exit", () => { const { user, system } = process.cpuUsage(); console.log((user + system) / 1000); })`;
  const args = ["--import", `data:text/javascript,${encodeURIComponent(report)}`, script];
  const { stdout, status } = spawnSync(process.execPath, args, {
    ...{ cwd, encoding: "utf8" },
    env: { PATH: process.env["PATH"], NODE_ENV: "production" },
  });
  if (status !== 0) throw new Error(`${script} could not be run.`);
  return Number(stdout.trim().split("\n").at(-1));
}

async function bundle(contents: string): Promise<{ readonly bytes: number; readonly gzip: number }> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    ...{ bundle: true, minify: true, write: false, format: "esm", platform: "neutral" },
    ...{ mainFields: ["module", "main"], conditions: ["workerd", "worker", "import"], external: ["node:*"] },
    logLevel: "error",
  });
  const [{ contents: bytes } = { contents: new Uint8Array() }] = outputFiles;
  return { bytes: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
}
