import { execFileSync } from "node:child_process";
import { accessSync, constants, readdirSync } from "node:fs";
import { join } from "node:path";

export type ServerName = "redis" | "postgres" | "mysql" | "memcached" | "nginx" | "pgbouncer";

interface Binaries {
  readonly package: string;
  /** Any one of these. */
  readonly names: readonly string[];
}

const binaries: Readonly<Record<ServerName, Binaries>> = {
  redis: { package: "redis-server", names: ["redis-server", "valkey-server"] },
  postgres: { package: "postgresql", names: ["postgres"] },
  mysql: { package: "mariadb-server", names: ["mariadbd", "mysqld"] },
  memcached: { package: "memcached", names: ["memcached"] },
  nginx: { package: "nginx", names: ["nginx"] },
  pgbouncer: { package: "pgbouncer", names: ["pgbouncer"] },
};

const answers = new Map<ServerName, boolean>();

/**
 * Whether a private server of this kind can be started here: for `describe.skipIf(!isInstalled("redis"))`.
 * As root on Debian a missing one is installed first. Says so in a line when it stays missing; with `CI=true` that throws.
 */
export function isInstalled(name: ServerName): boolean {
  const known = answers.get(name);
  if (known !== undefined) return known;
  const isThere = isPresent(name) || (install(binaries[name].package) && isPresent(name));
  answers.set(name, isThere);
  if (isThere) return true;
  const line = `${name} is not installed: its tests are SKIPPED. Install it with: apt-get install ${binaries[name].package}`;
  if (process.env["CI"] === "true") throw new Error(line);
  process.stderr.write(`\n*** ${line}\n`);
  return false;
}

/** The path of the first of these programs; `undefined` when there is none. */
export function findProgram(...names: readonly string[]): string | undefined {
  return names.flatMap((name) => programFolders().map((folder) => join(folder, name))).find(isExecutable);
}

/** The path of a program that `isInstalled` answers for. */
export function programOf(name: ServerName): string {
  const path = isInstalled(name) ? findProgram(...binaries[name].names) : undefined;
  if (path === undefined) throw new Error(`${name} is not installed.`);
  return path;
}

function isPresent(name: ServerName): boolean {
  return findProgram(...binaries[name].names) !== undefined;
}

/** Those of PATH, and where Debian keeps servers. */
function programFolders(): readonly string[] {
  const path = (process.env["PATH"] ?? "").split(":").filter((folder) => folder !== "");
  return [...path, "/usr/sbin", "/usr/local/sbin", "/usr/local/bin", ...postgresFolders()];
}

function postgresFolders(): readonly string[] {
  const parent = "/usr/lib/postgresql";
  try {
    const versions = readdirSync(parent).sort((a, b) => Number(b) - Number(a));
    return versions.map((version) => join(parent, version, "bin"));
  } catch {
    return [];
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Without starting what it installs: the tests start their own. */
function install(debianPackage: string): boolean {
  if (process.getuid?.() !== 0 || findProgram("apt-get") === undefined) return false;
  const options = ["-qq", "-o", "DPkg::Lock::Timeout=120"];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const run = (...args: readonly string[]): void =>
    void execFileSync("apt-get", [...options, ...args], { env, stdio: "ignore", timeout: 240_000 });
  try {
    run("update");
    run("install", "-y", "--no-install-recommends", debianPackage);
    return true;
  } catch {
    return false;
  }
}
