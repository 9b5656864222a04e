/** Gives names for what generated code declares: each one once, and none that means something else there. */
export interface CodeNames {
  /** A name for the module: `readCartItem` of `["cart", "item"]` with the prefix `read`, `cartItemFields` with a suffix. */
  declare(words: readonly string[], affix: Affix): string;
  /** Names for the members of one function's object, in their order. */
  locals(members: readonly string[]): readonly string[];
}

/** What is put before or behind the words of a name, so that no member's variable is called the same. */
export type Affix =
  | { readonly prefix: "read" | "write" }
  | { readonly suffix: "Fields" | "Item" | "Entries" | "Values" | "Pattern" };

/** The names of one generated file. */
export function createCodeNames(): CodeNames {
  const declared = new Set(meaningElsewhere);
  return {
    declare(words, affix) {
      const word = toWord(words);
      const name = "prefix" in affix ? affix.prefix + capitalized(word) : uncapitalized(word) + affix.suffix;
      return unique(name, declared);
    },
    locals(members) {
      const taken = new Set(meaningElsewhere);
      return members.map((member) => {
        const name = uncapitalized(toWord([member]));
        return unique(isLikeDeclared.test(name) ? `${name}_` : name, taken);
      });
    },
  };
}

const isLikeDeclared = /^(?:read|write|breaks)[A-Z]|(?:Fields|Item|Entries|Values|Pattern)_*$/;

const meaningElsewhere: readonly string[] = [
  ..."reader writer end start tag extras members addExtras readExtra enumeration entriesOf isLonger isPlainEmail isShorter".split(
    " ",
  ),
  ..."isMultiple memberOf setMember messageFields toMembers toTuple explain shape codec encode decode".split(
    " ",
  ),
  ..."protobuf bincode protobufCodec bincodeCodec Members Extras Codec ProtobufReader ProtobufWriter".split(
    " ",
  ),
  ..."anyItem bigintItem booleanItem dataItem dateItem integerItem listItem literalItem messageItem".split(
    " ",
  ),
  ..."nullableItem numberItem recordItem stringItem tupleItem text value key items time".split(" "),
  ..."Array Date Number Object Uint8Array RegExp undefined NaN Infinity arguments eval".split(" "),
  ..."await break case catch class const continue debugger default delete do else enum export extends".split(
    " ",
  ),
  ..."false finally for function if implements import in instanceof interface let new null package".split(
    " ",
  ),
  ..."private protected public return static super switch this throw true try typeof var void while".split(
    " ",
  ),
  ..."with yield async of type as any unknown never string number boolean bigint symbol object".split(" "),
];

function unique(name: string, taken: Set<string>): string {
  let free = name;
  for (let count = 2; taken.has(free); count += 1) free = `${name}${count}`;
  taken.add(free);
  return free;
}

/** Letters a to z and digits only; `field` for what has none to begin with. */
function toWord(words: readonly string[]): string {
  const parts = words.flatMap((word) => word.split(/[^A-Za-z0-9]+/)).filter((part) => part !== "");
  const joined = parts.map((part, index) => (index === 0 ? part : capitalized(part))).join("");
  return /^[A-Za-z]/.test(joined) ? joined : `field${joined}`;
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function uncapitalized(word: string): string {
  return word.charAt(0).toLowerCase() + word.slice(1);
}
