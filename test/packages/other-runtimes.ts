import { join } from "node:path";
import { build } from "esbuild";
import { startServer } from "../servers/start-server.js";
import type { TestServer } from "../servers/test-server.js";
import type { InstalledProject } from "./installed-project.js";
import { installOnDemand } from "./on-demand.js";

/** A JavaScript runtime that is not Node, and serves `handle` of a project's `app.ts`. */
export interface OtherRuntime {
  readonly name: string;
  start(project: InstalledProject, environment: Readonly<Record<string, string>>): Promise<TestServer>;
}

/** Each is a program of some 100 MB, for which it is not among this repository's own packages. */
export const versions = { bun: "1.4.5", deno: "2.9.6", workerd: "1.20261117.1" };

const program = (name: keyof typeof versions): string =>
  join(installOnDemand(name, { [name]: versions[name] }), "node_modules/.bin", name);

export const bun: OtherRuntime = {
  name: "Bun",
  start: (project, environment) => {
    project.write(
      "bun.ts",
      `import { handle } from "./app.ts";
      Bun.serve({ hostname: "127.0.0.1", port: Number(process.argv[2]), fetch: handle });`,
    );
    return serve("bun", (port) => ["run", project.path("bun.ts"), port], environment);
  },
};

export const deno: OtherRuntime = {
  name: "Deno",
  start: (project, environment) => {
    project.write(
      "deno.ts",
      `import { handle } from "./app.ts";
      Deno.serve({ hostname: "127.0.0.1", port: Number(Deno.args[0]) }, handle);`,
    );
    const options = ["--quiet", "--allow-all", "--node-modules-dir=manual", "--no-lock"];
    return serve("deno", (port) => ["run", ...options, project.path("deno.ts"), port], environment);
  },
};

/** What runs Cloudflare's workers, with the app in one file as their tools bundle it. */
export const workerd: OtherRuntime = {
  name: "workerd",
  start: async (project, environment) => {
    project.write("worker.ts", 'import { handle } from "./app.ts"; export default { fetch: handle };');
    await build({
      entryPoints: [project.path("worker.ts")],
      outfile: project.path("worker.js"),
      ...{ bundle: true, format: "esm", target: "es2022", logLevel: "error" },
      ...{ conditions: ["workerd", "worker", "browser"], external: ["node:*"] },
    });
    project.write("worker.capnp", workerConfig(environment));
    const config = project.path("worker.capnp");
    return serve("workerd", (port) => ["serve", config, "--socket-addr", `http=127.0.0.1:${port}`]);
  },
};

function serve(
  name: keyof typeof versions,
  args: (port: string) => readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<TestServer> {
  return startServer({
    name,
    command: program(name),
    args: (port) => args(String(port)),
    environment: { ...environment, NODE_ENV: "production" },
    url: (port) => `http://127.0.0.1:${port}`,
    ask: (port) => fetch(`http://127.0.0.1:${port}/`),
  });
}

/** Of the worker beside it. The flag and the date are those that the page on `Request` asks for. */
function workerConfig(environment: Readonly<Record<string, string>>): string {
  const bindings = Object.entries({ ...environment, NODE_ENV: "production" }).map(
    ([name, value]) => `(name = "${name}", text = "${value}")`,
  );
  return `
    using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (
      services = [(name = "app", worker = .app)],
      sockets = [(name = "http", http = (), service = "app")],
    );
    const app :Workerd.Worker = (
      modules = [(name = "worker.js", esModule = embed "worker.js")],
      compatibilityDate = "2025-04-01",
      compatibilityFlags = ["nodejs_compat"],
      bindings = [${bindings.join(", ")}],
    );
  `;
}
