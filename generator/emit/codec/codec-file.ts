import type { EmitInput } from "../emit-input.js";
import { type EmittedFile, printSource, siblingSpecifier } from "../source-file.js";
import { createCodecCode } from "./codec-code.js";
import { sessionMessage } from "./message-part.js";
import { addMessageOf } from "./protobuf-message.js";

/** `codec.ts`: the schema's own codec. */
export function codecFile(input: EmitInput): EmittedFile {
  const { names, schemaFile, extension, numbers, model } = input;
  const code = createCodecCode(numbers);
  const { read, write } = addMessageOf(code, sessionMessage(model.fields, numbers), true);
  const text = code.print();
  const types = ["Extras", "Members", "ProtobufReader", "ProtobufWriter"];
  const values = ["protobufCodec", ...callable.filter((name) => new RegExp(`\\b${name}\\(`).test(text))];
  const content = printSource(schemaFile, [
    'import type { Codec } from "@session-gen/runtime";',
    "import {",
    ...[...values, ...types.map((name) => `type ${name}`)].sort(byName).map((name) => `  ${name},`),
    '} from "@session-gen/runtime/codecs/protobuf";',
    `import type { ${names.data} } from "${siblingSpecifier("session", extension)}";`,
    `import { shape } from "${siblingSpecifier("shape", extension)}";`,
    `import { explain } from "${siblingSpecifier("validate", extension)}";`,
    (writer) => writer.blankLine(),
    text,
    (writer) => writer.blankLine(),
    `const protobuf = protobufCodec<${names.data}>({ shape, explain, read: ${read}, write: ${write} });

/** How records of these sessions are written: the fields as \`session.proto\` describes them. */
export const codec: Codec = protobuf.codec;

/** The bytes of a session's data. Throws \`SessionError\` \`"invalid"\`, naming the fields, for what does not validate. */
export function encode(data: ${names.data}): Uint8Array {
  return protobuf.encode(data);
}

/** The data in such bytes. Throws \`SessionError\` \`"invalid"\` for bytes that are damaged or do not validate. */
export function decode(bytes: Uint8Array): ${names.data} {
  return protobuf.decode(bytes);
}`,
  ]);
  return { path: "codec.ts", content };
}

/** What generated code may call. */
const callable = [
  ..."addExtras anyItem bigintItem booleanItem dataItem dateItem entriesOf enumeration integerItem".split(" "),
  ..."isLonger isShorter listItem literalItem memberOf messageFields messageItem nullableItem".split(" "),
  ..."numberItem readExtra recordItem setMember stringItem toMembers toTuple tupleItem".split(" "),
];

function byName(left: string, right: string): number {
  const [one, other] = [left.replace("type ", ""), right.replace("type ", "")];
  return one < other ? -1 : 1;
}
