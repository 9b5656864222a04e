import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A shop that is open, over the built packages. */
export interface Shop {
  /** `http://localhost:12345`. */
  readonly origin: string;
  /** Asks it to end, as a process manager does; answers its exit code. */
  stop(): Promise<number | null>;
}

/** Creates the table in a database file, by the command. */
export async function migrateShop(database: string): Promise<void> {
  const command = ["dist/generator/bin.js", "migrate", "up", "--schema", "demo/session.schema.ts"];
  await promisify(execFile)(process.execPath, command, { cwd: root, env: environment(database) });
}

/** The two fronts of the shop. */
export type FrontName = "shop" | "care desk";

const programs: Readonly<Record<FrontName, string>> = {
  shop: "demo/server.ts",
  "care desk": "demo/care/server.ts",
};

/** Opens the shop, or its other front, on a free port, over a database file. */
export function openShop(database: string, front?: FrontName): Promise<Shop> {
  return openShopIn(root, environment(database), front);
}

/** Opens a front of a project on a free port. Rejects, with what it said, when it ends instead. */
export async function openShopIn(
  folder: string,
  settings: NodeJS.ProcessEnv,
  front: FrontName = "shop",
): Promise<Shop> {
  const child = spawn(process.execPath, ["--import", "tsx", programs[front]], {
    cwd: folder,
    env: { ...settings, PORT: "0", TSX_TSCONFIG_PATH: "demo/tsconfig.json" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let complaints = "";
  child.stderr.on("data", (chunk) => {
    complaints += String(chunk);
  });
  const ended = once(child, "exit").then(([code]: (number | null)[]) => code ?? null);
  const opened = once(createInterface(child.stdout), "line").then(([line]: string[]) => line ?? "");
  const failed = ended.then((code) =>
    Promise.reject(new Error(`The shop ended with ${code}: ${complaints}`)),
  );
  const origin = /http:\S+/.exec(await Promise.race([opened, failed]))?.[0] ?? "";
  return {
    origin,
    stop: async () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

function environment(database: string): NodeJS.ProcessEnv {
  return { ...process.env, SHOP_DATABASE: database };
}
