import { type InterfaceDeclarationStructure, StructureKind } from "ts-morph";
import type { BackendModel } from "../model/backend-model.js";
import type { EmitInput } from "./emit-input.js";

/** What the declared backend can do beyond the six methods, as a type. */
export interface ChainAbilities {
  /** The type's name; `undefined` under a seal, which has no abilities. */
  readonly type: string | undefined;
  /** The word whose module has the type; `undefined` when it stands in `sessions.ts` itself or in the runtime's index. */
  readonly word: string | undefined;
  /** What the schema says of the app's own backend, by name of the ability. */
  readonly declared: readonly ("find" | "list" | "sweep")[];
}

/** The types of the abilities that a schema can declare for the app's own backend. */
export const abilityTypes = { find: "Findable", list: "Listable", sweep: "Sweepable" } as const;

const typeNames = {
  memory: "MemoryAbilities",
  cache: "CacheAbilities",
  redis: "RedisAbilities",
  database: "DatabaseAbilities",
  file: "FileAbilities",
} as const;

/** The abilities of a chain are those of the backend that decides: behind a cache, the primary of two. */
export function abilitiesOf({ model, names }: EmitInput): ChainAbilities {
  const decider = deciderOf(model.settings.backend);
  switch (decider.backend) {
    case "cookie":
    case "jwt":
      return { type: undefined, word: undefined, declared: [] };
    case "custom": {
      const declared = (["find", "list", "sweep"] as const).filter((ability) => decider[ability]);
      const type = declared.length > 0 ? names.abilities : "BackendAbilities";
      return { type, word: undefined, declared };
    }
    default:
      return { type: typeNames[decider.backend], word: decider.backend, declared: [] };
  }
}

/** The interface of what the app's own backend can do. */
export function abilitiesInterface(
  { declared }: ChainAbilities,
  { names }: EmitInput,
): InterfaceDeclarationStructure[] {
  if (declared.length === 0) return [];
  return [
    {
      kind: StructureKind.Interface,
      name: names.abilities,
      isExported: true,
      docs: ["What the app's own backend can do, as the schema says."],
      extends: ["BackendAbilities"],
      properties: declared.map((name) => ({ name, type: abilityTypes[name], isReadonly: true })),
    },
  ];
}

type Decider = Exclude<BackendModel, { backend: "cached" } | { backend: "replicated" }>;

function deciderOf(backend: BackendModel): Decider {
  if (backend.backend === "cached") return deciderOf(backend.store);
  return backend.backend === "replicated" ? deciderOf(backend.primary) : backend;
}
