import { scopes } from "../../history/numbers.js";
import type { KindModel } from "../../model/model.js";
import { holdsTagged } from "../check-schema.js";
import type { CodecCode } from "./codec-code.js";
import { innerKind } from "./message-part.js";
import { addMessage } from "./protobuf-message.js";
import { brokenRules } from "./rule-code.js";

/** Where in the schema something is. */
export interface Place {
  readonly path: string;
  readonly words: readonly string[];
}

/** The expression of an `Item`: how elements of this kind are read and written. */
export function itemCode(code: CodecCode, kind: KindModel, place: Place): string {
  const item = innerItem(code, innerKind(kind), place);
  return kind.type === "nullable" ? `nullableItem(${item})` : item;
}

/** The expression of the `Entries` of a map. */
export function entriesCode(
  code: CodecCode,
  kind: Extract<KindModel, { type: "record" }>,
  { path, words }: Place,
): string {
  const value = itemCode(code, kind.values, { path: scopes.entries(path), words: [...words, "value"] });
  return `entriesOf(${[value, ...testCode(code, kind.keys, [...words, "key"], "key")].join(", ")})`;
}

/** How elements of a kind stand in the bytes: 0 is an integer, 1 eight bytes, 2 bytes with their length. */
export function elementWireType(kind: KindModel): 0 | 1 | 2 {
  switch (innerKind(kind).type) {
    case "integer":
    case "boolean":
    case "date":
    case "literal":
      return 0;
    case "number":
      return 1;
    default:
      return 2;
  }
}

function innerItem(code: CodecCode, kind: KindModel, { path, words }: Place): string {
  const test = (): string => testCode(code, kind, words, "value").join("");
  switch (kind.type) {
    case "string":
    case "number":
    case "integer":
    case "boolean":
    case "date":
    case "bigint":
      return `${kind.type}Item(${test()})`;
    case "bytes":
      return `dataItem(${test()})`;
    case "literal":
      return `literalItem(${code.enumeration(kind, path, words)})`;
    case "array": {
      const inner = itemCode(code, kind.items, { path: scopes.items(path), words: [...words, "item"] });
      return `listItem(${[inner, ...testCode(code, kind, words, "value")].join(", ")})`;
    }
    case "record":
      return `recordItem(${entriesCode(code, kind, { path, words })})`;
    case "object": {
      const { read, write } = addMessage(code, kind, { path, words });
      return `messageItem(${read}, ${write})`;
    }
    case "tuple": {
      const { read, write } = addMessage(code, kind, { path, words });
      return `tupleItem(${kind.items.length}, ${kind.rest !== undefined}, ${read}, ${write})`;
    }
    default:
      return `anyItem(${holdsTagged(kind)})`;
  }
}

/** A function that tells whether a value keeps the rules; none when there are none. */
function testCode(
  code: CodecCode,
  kind: KindModel,
  words: readonly string[],
  variable: string,
): readonly string[] {
  const rules = brokenRules(kind, variable, code.patternsOf(words));
  // What looks at nothing has no parameter, which strict settings would call unused.
  if (rules.includes("true")) return ["() => false"];
  return rules.length === 0 ? [] : [`(${variable}) => !(${rules.join(" || ")})`];
}
