import { storedFields } from "../../model/stored-names.js";
import type { EmitInput } from "../emit-input.js";
import { code, members, printLiteral } from "../literal.js";
import { type EmittedFile, printSource, siblingSpecifier } from "../source-file.js";
import { createCodecCode } from "./codec-code.js";
import { formerCodecModule } from "./codec-uses.js";
import { type FormatCode, formatCodeOf, type SessionCode } from "./format-code.js";
import { sessionMessage } from "./message-part.js";
import { protoFile } from "./proto-file.js";
import { storedSession } from "./stored-session.js";

/** `codec.ts` and what belongs to it; none for a codec that is the same for every schema. */
export function codecFiles(input: EmitInput): readonly EmittedFile[] {
  const format = formatCodeOf(input.model.settings.codec);
  const former = (input.formerCodecs ?? []).flatMap((name) => {
    const code = formatCodeOf(name);
    return code === undefined ? [] : [codecFile(input, code, `${formerCodecModule(name)}.ts`)];
  });
  if (format === undefined) return former;
  const files = [codecFile(input, format, "codec.ts"), ...former];
  return format.name === "protobuf" ? [...files, protoFile(input)] : files;
}

/** The schema's own codec of a format. */
function codecFile(input: EmitInput, format: FormatCode, path: string): EmittedFile {
  const { names, schemaFile, extension, numbers } = input;
  // Other versions' bincode is not read.
  const fields = format.name === "bincode" ? storedFields(input.model.fields) : storedSession(input);
  const written = createCodecCode(numbers);
  const session = format.addSession(written, sessionMessage(fields, numbers), {
    ...input,
    model: { ...input.model, fields },
  });
  const body = written.print();
  const content = printSource(schemaFile, [
    'import type { Codec } from "@session-gen/runtime";',
    ...importLines(format, body),
    `import type { ${names.data} } from "${siblingSpecifier("session", extension)}";`,
    `import { shape } from "${siblingSpecifier("shape", extension)}";`,
    `import { explain } from "${siblingSpecifier("validate", extension)}";`,
    (writer) => writer.blankLine(),
    body,
    (writer) => writer.blankLine(),
    exportedCode(format, names.data, { ...session, viaStoredForm: fields !== input.model.fields }),
  ]);
  return { path, content };
}

function importLines({ name, functions, types }: FormatCode, body: string): readonly string[] {
  const called = functions.filter((other) => new RegExp(`\\b${other}\\(`).test(body));
  const values = [`${name}Codec`, ...called].sort();
  return [
    "import {",
    ...values.map((value) => `  ${value},`),
    ...types.map((type) => `  type ${type},`),
    `} from "@session-gen/runtime/codecs/${name}";`,
  ];
}

function exportedCode(
  { name, about }: FormatCode,
  data: string,
  { read, write, others = members([]), viaStoredForm }: SessionCode & { readonly viaStoredForm: boolean },
): string {
  const parts = members([
    ["shape", code("shape")],
    ["explain", code("explain")],
    ["viaStoredForm", viaStoredForm || undefined],
    ...others,
    ["read", code(read)],
    ["write", code(write)],
  ]);
  return `const ${name} = ${name}Codec<${data}>(${printLiteral(parts, name.length + data.length + 25)});

/** ${about} */
export const codec: Codec = ${name}.codec;

/** The bytes of a session's data. Throws \`SessionError\` \`"invalid"\`, naming the fields, for what does not validate. */
export function encode(data: ${data}): Uint8Array {
  return ${name}.encode(data);
}

/** The data in such bytes. Throws \`SessionError\` \`"invalid"\` for bytes that are damaged or do not validate. */
export function decode(bytes: Uint8Array): ${data} {
  return ${name}.decode(bytes);
}`;
}
