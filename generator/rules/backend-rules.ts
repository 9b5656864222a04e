import type { BackendModel } from "../model/model.js";
import { isObject, notYet, type Option, readMembers } from "./option.js";
import { readChoice, readCount, readPlainText, readText } from "./read-value.js";
import { stated } from "./stated.js";

/** Backend words whose records the client carries: without a store, nothing can be found or compared there. */
export const sealWords: ReadonlySet<string> = new Set(["cookie", "jwt"]);

const laterWords = ["cache", "redis", "file", "cookie", "jwt", "cached", "replicated", "custom"];

/** The word of a backend, as far as it is one; an absent backend is `memory`. */
export function backendName(option: Option): string | undefined {
  if (option.value === undefined) return "memory";
  return isWord(option.value) ? option.value.backend : undefined;
}

/** The backend with its options; `undefined` when it was refused. */
export function readBackend(option: Option): BackendModel | undefined {
  const { value } = option;
  if (value === undefined) return { backend: "memory" };
  if (!isWord(value)) {
    option.refuse('it must be a backend word, such as `memory()` or `database({ dialect: "sqlite", url })`');
    return undefined;
  }
  const options = optionsOf(option, value);
  if (value.backend === "memory") return readMemory(options);
  if (value.backend === "database") return readDatabase(options);
  if (value.backend === "replicated") refuseReplicatedSeals(options);
  const isLater = laterWords.includes(value.backend);
  option.refuse(isLater ? notYet(`\`${value.backend}()\``) : `there is no backend \`${value.backend}\``);
  return undefined;
}

function readMemory(options: Option): BackendModel | undefined {
  const members = readMembers(options, ["maxSessions"]);
  return members && { backend: "memory", ...stated({ maxSessions: readCount(members.maxSessions) }) };
}

function readDatabase(options: Option): BackendModel | undefined {
  const members = readMembers(options, ["dialect", "url", "schema", "table"]);
  if (!members) return undefined;
  for (const required of [members.dialect, members.url]) {
    if (required.value === undefined) required.refuse("it is required");
  }
  const dialect = readChoice(members.dialect, ["sqlite"], ["postgres", "mysql"]);
  const url = readText(members.url);
  const schema = readIdentifier(members.schema);
  const table = readIdentifier(members.table);
  if (dialect === undefined || url === undefined) return undefined;
  return { backend: "database", dialect, url, ...stated({ schema, table }) };
}

/** Letters, digits and underscores: what every database takes unquoted, and what a migration can be named after. */
function readIdentifier(option: Option): string | undefined {
  const name = readPlainText(option);
  if (name === undefined || /^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name)) return name;
  option.refuse(
    "it must be of letters, digits and `_`, not start with a digit, and have at most 63 characters",
  );
  return undefined;
}

function refuseReplicatedSeals(options: Option): void {
  for (const side of ["primary", "secondary"]) {
    const store = options.member(side);
    if (isWord(store.value) && sealWords.has(store.value.backend)) {
      store.refuse(`\`${store.value.backend}()\` keeps nothing that could be replicated; name a store`);
    }
  }
}

/** The options inside a word, named after the word: `database.url`. */
function optionsOf(option: Option, word: Word): Option {
  return option.renamed(word.options, word.backend);
}

interface Word {
  readonly backend: string;
  readonly options: Readonly<Record<string, unknown>>;
}

function isWord(value: unknown): value is Word {
  return isObject(value) && typeof value["backend"] === "string" && isObject(value["options"]);
}
