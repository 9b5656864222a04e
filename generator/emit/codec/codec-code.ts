import { type KnownNumbers, scopes } from "../../history/numbers.js";
import type { LiteralKind } from "../../model/model.js";
import { members, printable, printLiteral } from "../literal.js";
import { type CodeNames, createCodeNames } from "./code-names.js";
import { type DeclarePattern, patternCode } from "./rule-code.js";

/** What a format's code is written into: constants first, then functions. */
export interface CodecCode {
  readonly names: CodeNames;
  readonly numbers: KnownNumbers;
  /** The constant with the values and codes of an enum. */
  enumeration(kind: LiteralKind, path: string, words: readonly string[]): string;
  /** Gives the function that declares patterns for a value called by these words. */
  patternsOf(words: readonly string[]): DeclarePattern;
  /** Declares a constant; its name. */
  constant(words: readonly string[], suffix: "Fields" | "Item" | "Entries", value: string): string;
  /** Adds the text of a constant or a comment, behind those before it. */
  addConstant(text: string): void;
  /** Adds a function, behind those that it calls. */
  addFunction(text: string): void;
  /** Everything, in the order in which it can be read. */
  print(): string;
}

/** An empty file's code. */
export function createCodecCode(numbers: KnownNumbers): CodecCode {
  const names = createCodeNames();
  const constants: string[] = [];
  const functions: string[] = [];
  const declare = (name: string, value: string): string => {
    constants.push(`const ${name} = ${value};`);
    return name;
  };
  return {
    names,
    numbers,
    enumeration(kind, path, words) {
      const codes = numbers.of(scopes.values(path));
      const byCode = kind.values
        .map((value) => [codes.get(JSON.stringify(value)) ?? 0, value] as const)
        .sort(([left], [right]) => left - right)
        .map(([code, value]) => [String(code), printable(value)] as const);
      const present = new Set(kind.values.map((value) => JSON.stringify(value)));
      const former = [...codes]
        .filter(([text]) => !present.has(text))
        .sort(([, left], [, right]) => left - right)
        .map(([text, code]) => [String(code), printable(JSON.parse(text))] as const);
      const name = names.declare(words, { suffix: "Values" });
      const others = former.length === 0 ? "" : `, ${printLiteral(members(former))}`;
      return declare(name, `enumeration(${printLiteral(members(byCode), name.length + 21)}${others})`);
    },
    patternsOf: (words) => (source, flags) =>
      declare(names.declare(words, { suffix: "Pattern" }), patternCode(source, flags)),
    constant: (words, suffix, value) => declare(names.declare(words, { suffix }), value),
    addConstant: (text) => void constants.push(text),
    addFunction: (text) => void functions.push(text),
    print: () => [constants.join("\n"), ...functions].filter((part) => part !== "").join("\n\n"),
  };
}
