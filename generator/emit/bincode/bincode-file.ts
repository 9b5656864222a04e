import type { KindModel, MemberModel, Model, ObjectKind } from "../../model/model.js";
import type { EmitInput } from "../emit-input.js";
import { type EmittedFile, headerLine, siblingSpecifier } from "../source-file.js";
import { type CodeNames, codeNames } from "./code-names.js";
import { kindTitles, type KindTitles } from "./kind-titles.js";
import { readStruct, readTuple } from "./read-code.js";
import { rustTypes } from "./rust-types.js";
import { writeStruct, writeTuple } from "./write-code.js";

/** `codec.ts` in bincode 2: the layout as Rust, and the functions that read and write it and check what passes. */
export function bincodeFile(input: EmitInput): EmittedFile {
  const { model, names, schemaFile, extension, shapeHash } = input;
  const titles = kindTitles(model, names);
  const code = codeNames(model, titles);
  const functions = functionsOf(model, titles, code);
  const body = [...code.constants, ...functions].join("\n");
  const values = ["bincodeCodec", "enumeration", "isLonger", "isShorter", "setMember"].filter((name) =>
    new RegExp(`\\b${name}\\(`).test(`bincodeCodec(${body}`),
  );
  const sibling = (name: string): string => siblingSpecifier(name, extension);
  const content = `${headerLine(schemaFile)}
import {
  type BincodeReader,
  type BincodeWriter,
  type Codec,
${values.map((name) => `  ${name},\n`).join("")}} from "@session-gen/runtime/codecs/bincode";
import type { ${names.data} } from "${sibling("session")}";
import { shape } from "${sibling("shape")}";
import { explain } from "${sibling("validate")}";

${rustComment(model, titles, shapeHash)}

const generated = bincodeCodec<${names.data}>({
  shapeHash: "${shapeHash}",
  shape,
  explain,
  read(reader) {
    const data = read${titles.root}(reader);
    reader.end();
    return data;
  },
  write: write${titles.root},
});

/** How records are written. It reads no record of another version of this shape. */
export const codec: Codec = generated.codec;

/** What a session holds as bytes. Throws \`SessionError\` \`"invalid"\` when it does not validate. */
export function encode(data: ${names.data}): Uint8Array {
  return generated.encode(data);
}

/** What a session holds, of bytes that \`encode\` made. Throws \`SessionError\` \`"invalid"\` for any other. */
export function decode(bytes: Uint8Array): ${names.data} {
  return generated.decode(bytes);
}

${[...(code.constants.length > 0 ? [code.constants.join("\n")] : []), ...functions].join("\n\n")}
`;
  return { path: "codec.ts", content };
}

function rustComment(model: Model, titles: KindTitles, shapeHash: string): string {
  const lines = [
    "The layout: bincode 2 in its standard configuration (`bincode::config::standard()`), as the Rust types that read and",
    `write it. They are those of the shape ${shapeHash}, which the header of each record names; for another shape there are`,
    "others.",
    "",
    ...rustTypes(model, titles),
  ];
  return lines.map((line) => `// ${line}`.trimEnd()).join("\n");
}

function functionsOf(model: Model, titles: KindTitles, names: CodeNames): readonly string[] {
  const members = model.fields.map(
    ({ name, kind, default: value }): MemberModel => ({
      name,
      kind,
      ...(value === undefined ? { optional: true } : { default: value }),
    }),
  );
  const root: ObjectKind = { type: "object", members };
  return [
    readStruct(titles.root, root, names),
    writeStruct(titles.root, root, names),
    ...[...titles.types].flatMap(([kind, title]) => functionsOfKind(kind, title, names)),
  ];
}

function functionsOfKind(kind: KindModel, title: string, names: CodeNames): readonly string[] {
  if (kind.type === "object") return [readStruct(title, kind, names), writeStruct(title, kind, names)];
  if (kind.type === "tuple") return [readTuple(title, kind, names), writeTuple(title, kind, names)];
  return [];
}
