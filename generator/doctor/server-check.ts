import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { reasonOf } from "../failure-text.js";
import type { LoadedModel } from "../load/load-model.js";
import { hasDatabase } from "../migrate/open-database.js";
import type { BackendModel } from "../model/backend-model.js";
import { backendPlaces } from "../model/backend-places.js";
import type { Text } from "../model/model.js";
import { currentText } from "../stores/current-text.js";
import { openStore } from "../stores/open-store.js";
import { urlFault } from "../stores/url-fault.js";
import { type Finding, findingsOf } from "./finding.js";
import { probeDatabase, probeRedis, type VersionProbe } from "./server-version.js";
import { compare, numbersOf } from "./version-range.js";

const { ok, note, fix } = findingsOf("server");

interface Place {
  readonly schema: LoadedModel;
  /** Where in the schema's backend it stands: `backend`, `primary`. */
  readonly name: string;
  /** How long a server may take to answer, in milliseconds. */
  readonly limit: number;
}

/** Whether each place of the schema's backend answers, and is of a version that is worked with. All are asked at once. */
export async function checkServers(schema: LoadedModel, limit: number): Promise<readonly Finding[]> {
  const places = backendPlaces(schema.model.settings.backend);
  const found = places.map(({ path, backend }) => {
    const name = path.length === 0 ? "backend" : path.join(".");
    return checkPlace(backend, { schema, name, limit }).catch((error: unknown) =>
      // Which package is missing is found by the check of packages.
      isMissing(error) ? undefined : fix(`${name}: ${backend.backend}() does not answer: ${reasonOf(error)}`),
    );
  });
  return (await Promise.all(found)).flatMap((finding) => finding ?? []);
}

async function checkPlace(backend: BackendModel, place: Place): Promise<Finding | undefined> {
  switch (backend.backend) {
    case "memory":
      return note(
        `${place.name}: memory() forgets every session at restart, and each process has its own. Choose a store before more than one process runs`,
      );
    case "file":
      return await checkFolder(backend.directory, place);
    case "database":
      return await withUrl(backend.dialect, { text: backend.url, place }, (url) => {
        if (url === ":memory:")
          return Promise.resolve(note(`${place.name}: :memory: is gone with the process`));
        if (!hasDatabase(backend.dialect, url))
          return Promise.resolve(
            fix(`${place.name}: there is no database ${url}. session-gen migrate up creates it`),
          );
        return checkVersion(
          probeDatabase(backend.dialect, settingsOf(place, url)),
          place,
          oldest[backend.dialect],
        );
      });
    case "redis":
      if (backend.url === undefined) return await checkGroup(place);
      return await withUrl("redis", { text: backend.url, place }, (url) =>
        checkVersion(probeRedis(settingsOf(place, url)), place, oldest.redis),
      );
    default:
      return undefined;
  }
}

interface Oldest {
  readonly name: string;
  readonly version: string;
}

/** What is tried, or near enough: older servers lack what the statements use. */
const oldest: Readonly<Record<"redis" | "postgres" | "mysql" | "mariadb" | "sqlite", Oldest>> = {
  redis: { name: "Redis", version: "6.2" },
  postgres: { name: "PostgreSQL", version: "12" },
  mysql: { name: "MySQL", version: "8.0" },
  mariadb: { name: "MariaDB", version: "10.6" },
  sqlite: { name: "SQLite", version: "3.35" },
};

function settingsOf({ schema, limit }: Place, url: string): Parameters<typeof probeRedis>[0] {
  return { url, projectFolder: dirname(schema.file), limit };
}

async function checkVersion(probe: VersionProbe, { name, limit }: Place, expected: Oldest): Promise<Finding> {
  try {
    const answer = await within(limit, probe.ask());
    const { name: server, version } = answer.includes("MariaDB") ? oldest.mariadb : expected;
    if (answer === "unknown") return ok(`${name}: ${server} answers, and does not tell its version`);
    const actual = numbersOf(answer);
    if (compare(actual, numbersOf(version)) >= 0) return ok(`${name}: ${server} ${actual.join(".")} answers`);
    return fix(`${name}: ${server} is ${actual.join(".")}, and ${version} or later is needed`);
  } finally {
    probe.close();
  }
}

/** Sentinels and clusters: the runtime knows how to find their servers. */
async function checkGroup({ schema, name, limit }: Place): Promise<Finding> {
  const store = await openStore(schema, () => {});
  try {
    await within(limit, store.backend.exists("none"));
    return ok(`${name}: Redis answers`);
  } finally {
    await Promise.race([store.close(), late(limit)]).catch(() => undefined);
  }
}

async function checkFolder(directory: Text, { schema, name }: Place): Promise<Finding> {
  const text = currentText(directory);
  if (text === undefined) return unset(directory, name);
  const folder = resolve(dirname(schema.file), text);
  const isInTheWay = await stat(folder).then(
    (found) => !found.isDirectory(),
    (error: unknown) => hasCode(error, "ENOTDIR"),
  );
  if (isInTheWay)
    return fix(`${name}: a file stands where the folder ${text} should be. Move it, or name another folder`);
  const isThere = await access(folder, constants.W_OK).then(
    () => true,
    (error: unknown) => (hasCode(error, "ENOENT") ? undefined : false),
  );
  if (isThere === undefined) return note(`${name}: the folder ${text} is not there yet; the app makes it`);
  return isThere
    ? ok(`${name}: the folder ${text} can be written`)
    : fix(`${name}: this user may not write into ${text}. Give the folder to the app's user`);
}

async function withUrl(
  kind: Parameters<typeof urlFault>[0],
  { text, place }: { readonly text: Text; readonly place: Place },
  check: (url: string) => Promise<Finding>,
): Promise<Finding> {
  const url = currentText(text);
  if (url === undefined) return unset(text, place.name);
  const fault = urlFault(kind, text);
  return fault === undefined ? await check(url) : fix(`${place.name}: ${fault}`);
}

function unset(text: Text, name: string): Finding {
  return fix(
    `${name}: the environment variable ${typeof text === "object" ? text.env : ""} is not set. Set it, or give env() a default`,
  );
}

async function within<T>(limit: number, answer: Promise<T>): Promise<T> {
  return await Promise.race([answer, late(limit)]);
}

function late(limit: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error(`no answer in ${limit / 1000} seconds`)), limit).unref();
  });
}

function isMissing(error: unknown): boolean {
  return hasCode(error, "MODULE_NOT_FOUND");
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
