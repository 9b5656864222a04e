import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { InstalledProject } from "./installed-project.js";

/** An app of a project, listening. */
export interface RunningApp extends AsyncDisposable {
  readonly url: string;
  /** Sends a request with the cookies of a browser, which keeps those that are set; the answer's JSON. */
  send(method: string, path: string, jar: CookieJar): Promise<unknown>;
}

/** The cookies of one browser. */
export type CookieJar = Map<string, string>;

/** Starts a file of the project with tsx, on a free port, which it is to read from PORT. It must print a line when it listens. */
export async function startApp(project: InstalledProject, file: string): Promise<RunningApp> {
  const port = await freePort();
  const app = spawn(process.execPath, ["--import", "tsx", file], {
    cwd: project.folder,
    env: { ...project.environment, PORT: String(port) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  app.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const ended = once(app, "exit");
  const isListening = await Promise.race([
    once(app.stdout, "data").then(() => true),
    ended.then(() => false),
  ]);
  if (!isListening) throw new Error(`The app ended before it listened:\n${errors}`);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    send: async (method, path, jar) => {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
      const response = await fetch(`${url}${path}`, { method, headers: { cookie } });
      for (const header of response.headers.getSetCookie()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
        jar.set(name, value);
      }
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}:\n${errors}`);
      return response.json();
    },
    [Symbol.asyncDispose]: async () => {
      app.kill();
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("There is no port.");
  return address.port;
}
