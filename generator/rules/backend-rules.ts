import type { BackendModel, StoreModel } from "../model/backend-model.js";
import { readCached, readReplicated } from "./chain-rules.js";
import { nearest } from "./nearest.js";
import { type Option, readMembers } from "./option.js";
import { readCookieSeal, readJwt } from "./seal-rules.js";
import { readCustom, readDatabase, readFile, readMemory, readRedis } from "./store-rules.js";
import { isWord, sealWords, type Word } from "./word.js";

/** The backend with its options; `undefined` when it was refused. An absent one is `memory`. */
export function readBackend(option: Option): BackendModel | undefined {
  const { value } = option;
  if (value === undefined) return { backend: "memory" };
  if (!isWord(value)) {
    const word = typeof value === "string" ? nearest(value, words) : undefined;
    const example =
      word === undefined ? '`memory()` or `database({ dialect: "sqlite", url })`' : `\`${word}(…)\``;
    option.refuse(`it must be a backend word, such as ${example}, which is imported from "session-gen"`);
    return undefined;
  }
  const options = option.renamed(value.options, value.backend);
  if (value.backend === "cookie") return readCookieSeal(options, readStore);
  if (value.backend === "jwt") return readJwt(options, readStore);
  return readStoreWord(option, value, options);
}

/** A store inside another word, under the name of the option that it is; `why` says what a seal cannot do there. */
function readStore(option: Option, why: string): StoreModel | undefined {
  const { value } = option;
  if (value === undefined) {
    option.refuse("it is required");
    return undefined;
  }
  if (!isWord(value)) {
    option.refuse("it must be a backend word, such as `redis({ url })`");
    return undefined;
  }
  if (sealWords.has(value.backend)) {
    option.refuse(`\`${value.backend}()\` ${why}; name a store`);
    return undefined;
  }
  return readStoreWord(option, value, option.renamed(value.options, option.path));
}

const words = [
  ...["memory", "cache", "redis", "database", "file"],
  ...["cookie", "jwt", "cached", "replicated", "custom"],
];

function readStoreWord(option: Option, { backend }: Word, options: Option): StoreModel | undefined {
  switch (backend) {
    case "memory":
      return readMemory(options);
    case "cache":
      return readMembers(options, []) && { backend: "cache" };
    case "redis":
      return readRedis(options);
    case "database":
      return readDatabase(options);
    case "file":
      return readFile(options);
    case "cached":
      return readCached(options, readStore);
    case "replicated":
      return readReplicated(options, readStore);
    case "custom":
      return readCustom(options);
    default: {
      const near = nearest(backend, words);
      option.refuse(
        `there is no backend \`${backend}\`${near === undefined ? "" : `; did you mean \`${near}\`?`}`,
      );
      return undefined;
    }
  }
}
