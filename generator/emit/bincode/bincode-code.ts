import type { KindModel, MemberModel, Model, ObjectKind } from "../../model/model.js";
import type { FormatCode } from "../codec/format-code.js";
import { members } from "../literal.js";
import { type CodeNames, codeNames } from "./code-names.js";
import { type KindTitles, kindTitles } from "./kind-titles.js";
import { readStruct, readTuple } from "./read-code.js";
import { rustTypes } from "./rust-types.js";
import { writeStruct, writeTuple } from "./write-code.js";

/** The code of a schema in bincode 2: the layout as Rust, and the functions that read and write it and check what passes. */
export const bincodeCode: FormatCode = {
  name: "bincode",
  functions: ["enumeration", "isPlainEmail", "isShorter", "setMember"],
  types: ["BincodeReader", "BincodeWriter"],
  about: "How records are written. It reads no record of another version of the shape.",
  addSession(code, _session, { model, names, shapeHash }) {
    const titles = kindTitles(model, names);
    const named = codeNames(model, titles);
    code.addConstant(`${rustComment(model, titles, shapeHash)}\n`);
    const functions = functionsOf(model, titles, named);
    for (const text of named.constants) code.addConstant(text);
    for (const text of functions) code.addFunction(text);
    return {
      read: `read${titles.root}`,
      write: `write${titles.root}`,
      others: members([["shapeHash", shapeHash]]),
    };
  },
};

function rustComment(model: Model, titles: KindTitles, shapeHash: string): string {
  const lines = [
    "The layout is bincode 2 in its standard configuration, `bincode::config::standard()`, of the Rust types below. They",
    `are those of the shape ${shapeHash}, which the header of each record names; other shapes have others.`,
    "",
    ...rustTypes(model, titles),
  ];
  return lines.map((line) => `// ${line}`.trimEnd()).join("\n");
}

function functionsOf(model: Model, titles: KindTitles, names: CodeNames): readonly string[] {
  const fields = model.fields.map(
    ({ name, kind, default: value }): MemberModel => ({
      name,
      kind,
      ...(value === undefined ? { optional: true } : { default: value }),
    }),
  );
  const session: ObjectKind = { type: "object", members: fields };
  return [
    readStruct(titles.root, session, names, true),
    writeStruct(titles.root, session, names),
    ...[...titles.types].flatMap(([kind, title]) => functionsOfKind(kind, title, names)),
  ];
}

function functionsOfKind(kind: KindModel, title: string, names: CodeNames): readonly string[] {
  if (kind.type === "object") return [readStruct(title, kind, names, false), writeStruct(title, kind, names)];
  if (kind.type === "tuple") return [readTuple(title, kind, names), writeTuple(title, kind, names)];
  return [];
}
