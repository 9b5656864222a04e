import type { Settings, Text } from "../model/model.js";
import type { EmitInput } from "./emit-input.js";
import { type Code, code, members, type Printable, printBlock, printLiteral } from "./literal.js";

/** What `sessions.ts` says about the backend that the schema declares. */
export interface BackendChain {
  /** The type of its abilities. */
  readonly abilities: string;
  /** Where its factory and types come from. */
  readonly moduleSpecifier: string;
  readonly factory: string;
  readonly types: readonly string[];
  /** Whether `env` is called. */
  readonly readsEnvironment: boolean;
  /** What the app may pass when it opens the sessions. */
  readonly options: readonly { readonly name: string; readonly type: string; readonly doc: string }[];
  /** The call that makes the backend, on one line or several. */
  readonly call: string;
}

/** The chain for the model's backend. */
export function backendChain(input: EmitInput): BackendChain {
  const { backend } = input.model.settings;
  return backend.backend === "memory" ? memoryChain(backend) : databaseChain(backend, input);
}

function memoryChain({ maxSessions }: Extract<Settings["backend"], { backend: "memory" }>): BackendChain {
  const options = maxSessions === undefined ? "" : printLiteral(members([["maxSessions", maxSessions]]));
  return {
    abilities: "MemoryAbilities",
    moduleSpecifier: "@session-gen/runtime/backends/memory",
    factory: "createMemoryBackend",
    types: ["MemoryAbilities"],
    readsEnvironment: false,
    options: [],
    call: `createMemoryBackend(${options})`,
  };
}

function databaseChain(
  { dialect, url, schema, table }: Extract<Settings["backend"], { backend: "database" }>,
  { columns, names }: EmitInput,
): BackendChain {
  const stored = columns.map(({ field, column, type }): [string, Printable] => [
    field,
    members([
      ["column", column],
      ["type", type],
    ]),
  ]);
  const options = members([
    ["dialect", dialect],
    ["url", textCode(url)],
    ["schema", schema],
    ["table", table ?? names.table],
    ["columns", stored.length > 0 ? members(stored) : undefined],
    ["kysely", code("options.kysely")],
  ]);
  return {
    abilities: "DatabaseAbilities",
    moduleSpecifier: "@session-gen/runtime/backends/database",
    factory: "createDatabaseBackend",
    types: ["DatabaseAbilities", "DatabaseClient"],
    readsEnvironment: typeof url !== "string",
    options: [
      {
        name: "kysely",
        type: "DatabaseClient",
        doc: "The app's own Kysely, instead of a connection by url.",
      },
    ],
    call: `createDatabaseBackend(${printBlock(options, "  ")})`,
  };
}

/** A text as code: itself, or the call of `env` that reads it at first use. */
export function textCode(text: Text): string | Code {
  if (typeof text === "string") return text;
  const parameters = text.default === undefined ? [text.env] : [text.env, text.default];
  return code(`env(${parameters.map((parameter) => printLiteral(parameter)).join(", ")})`);
}
