import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { root } from "../house/source-files.js";
import { freePort } from "../servers/free-port.js";
import { until } from "../servers/until.js";
import { installOnDemand } from "./on-demand.js";
import { tarballOf } from "./tarballs.js";

/** An app of Next in a folder of its own. */
export interface NextProject {
  readonly folder: string;
  write(name: string, text: string): void;
  /** Generates the sessions, and builds the app. */
  build(...options: readonly string[]): Promise<void>;
  /** Starts what was built. */
  start(): Promise<RunningNext>;
}

export interface RunningNext extends AsyncDisposable {
  readonly url: string;
  /** What it has said so far. */
  said(): string;
}

const execute = promisify(execFile);
const environment = { ...process.env, NODE_ENV: "production" as const, NEXT_TELEMETRY_DISABLED: "1" };

/** What an app leaves behind. */
const leavings = [
  "app",
  "lib",
  "pages",
  "proxy.ts",
  "middleware.ts",
  "generated",
  "session.model.json",
  ".next",
  ".sessions",
];

/** An empty app of a major version of Next, installed on demand: with its compilers it is as large as all else here. */
export function createNextProject(version: string): NextProject {
  const folder = installOnDemand(`next-${version}`, {
    ...{ next: version, react: "19", "react-dom": "19", zod: "4" },
    ...{ typescript: "5.9", "@types/node": "20", "@types/react": "19" },
  });
  const write = (name: string, text: string): void => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  for (const name of leavings) rmSync(join(folder, name), { recursive: true, force: true });
  for (const [source, name] of [
    [".", "session-gen"],
    ["runtime", "@session-gen/runtime"],
  ] as const) {
    const target = join(folder, "node_modules", name);
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    execFileSync("tar", ["-xzf", tarballOf(source), "-C", target, "--strip-components=1"], {
      timeout: 60_000,
    });
  }
  write("tsconfig.json", config);
  const next = join(folder, "node_modules/next/dist/bin/next");
  const run = (...args: readonly string[]) =>
    execute(process.execPath, args, { cwd: folder, env: environment });
  return {
    folder,
    write,
    build: async (...options) => {
      await run(join(root, "dist/generator/bin.js"));
      await run(next, "build", ...options);
    },
    start: async () => {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const args = [next, "start", "-H", "127.0.0.1", "-p", String(port)];
      const server = spawn(process.execPath, args, {
        cwd: folder,
        env: environment,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let said = "";
      for (const stream of [server.stdout, server.stderr])
        stream.setEncoding("utf8").on("data", (text: string) => {
          said += text;
        });
      const ended = once(server, "exit");
      await until(() => fetch(`${url}/favicon.ico`).then(() => true), { what: "Next listens" });
      return {
        url,
        said: () => said,
        [Symbol.asyncDispose]: async () => {
          server.kill();
          await ended;
        },
      };
    },
  };
}

const config = JSON.stringify({
  compilerOptions: {
    ...{
      strict: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: true,
      noEmit: true,
      isolatedModules: true,
    },
    ...{ target: "es2022", lib: ["dom", "es2023"], module: "esnext", moduleResolution: "bundler" },
    ...{ jsx: "preserve", allowJs: true, incremental: true, esModuleInterop: true, resolveJsonModule: true },
    plugins: [{ name: "next" }],
  },
  include: ["next-env.d.ts", "**/*.ts", "**/*.tsx", ".next/types/**/*.ts"],
  exclude: ["node_modules"],
});
