import { backendPlaces, isSeal } from "../model/backend-places.js";
import { abilitiesOf, abilityTypes, type ChainAbilities } from "./backend-abilities.js";
import { type BackendOption, backendOptions } from "./backend-options.js";
import type { EmitInput } from "./emit-input.js";

/** What `sessions.ts` says about the backend that the schema declares, besides the calls that make it. */
export interface BackendChain {
  readonly abilities: ChainAbilities;
  /** Where the factories and their types come from, sorted; only what is used. */
  readonly modules: readonly ChainModule[];
  /** Types of the runtime itself that the chain needs. */
  readonly runtimeTypes: readonly string[];
  /** What the app may or must pass when it opens the sessions. */
  readonly options: readonly BackendOption[];
  /** Whether the client carries the session: then whether an ended one is remembered. */
  readonly seal: "sealed" | "revocable" | undefined;
}

/** What a chain takes from one module. */
export interface ChainModule {
  readonly specifier: string;
  readonly values: readonly string[];
  readonly types: readonly string[];
}

/** The chain for the model's backend. */
export function backendChain(input: EmitInput): BackendChain {
  const { backend, encryption } = input.model.settings;
  const abilities = abilitiesOf(input);
  const own = backend.backend === "custom" ? "A" : abilities.type;
  // Those of a seal are an option of its own, and the option of that name.
  const isKeyed = encryption !== undefined && !isSeal(backend);
  const options = [...(isKeyed ? [keysOption] : []), ...backendOptions(backend, `SessionBackend<${own}>`)];
  const words = [...new Set(backendPlaces(backend).map((place) => place.backend.backend))].sort();
  return {
    abilities,
    modules: words.flatMap((word) => chainModule(word, abilities)),
    runtimeTypes: [
      ...(isKeyed ? [keysOption.type] : []),
      ...(words.includes("custom") ? ["SessionBackend"] : []),
      ...abilities.declared.map((ability) => abilityTypes[ability]),
    ],
    options,
    seal: isSeal(backend) ? (backend.revocation === undefined ? "sealed" : "revocable") : undefined,
  };
}

const keysOption = {
  name: "keys",
  type: "KeyTexts",
  doc: "The keys that encrypt, instead of those of the schema: the first encrypts, all decrypt.",
  isRequired: false,
} as const satisfies BackendOption;

/** The type of the client that the app may pass, by word. */
const clientTypes: Readonly<Record<string, string>> = {
  cache: "CacheClient",
  redis: "RedisClient",
  database: "DatabaseClient",
};

function chainModule(word: string, abilities: ChainAbilities): readonly ChainModule[] {
  if (word === "custom") return [];
  const client = Object.hasOwn(clientTypes, word) ? clientTypes[word] : undefined;
  return [
    {
      specifier: `@session-gen/runtime/backends/${word}`,
      values: [`create${word.charAt(0).toUpperCase()}${word.slice(1)}Backend`],
      types: [
        ...(abilities.word === word && abilities.type !== undefined ? [abilities.type] : []),
        ...(client === undefined ? [] : [client]),
      ].sort(),
    },
  ];
}
