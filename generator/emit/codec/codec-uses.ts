import { type ImportDeclarationStructure, StructureKind } from "ts-morph";
import type { CodecName } from "../../model/model.js";
import type { EmitInput } from "../emit-input.js";
import { type Code, code } from "../literal.js";
import { siblingSpecifier } from "../source-file.js";
import { upgradeHistory } from "../upgrade/upgrade-history.js";
import { formatCodeOf } from "./format-code.js";

/** A codec as `sessions.ts` names it, and the import that brings it there. */
export interface CodecUse {
  readonly value: Code;
  readonly imported: ImportDeclarationStructure;
}

/** The codec that writes records. */
export function presentCodec(input: EmitInput): CodecUse {
  const { model, extension } = input;
  const { codec } = model.settings;
  if (formatCodeOf(codec) === undefined) return runtimeCodec(codec, input);
  return { value: code("codec"), imported: declare(siblingSpecifier("codec", extension), { name: "codec" }) };
}

/** The codecs that wrote records before the schema chose another. */
export function formerCodecs(input: EmitInput): readonly CodecUse[] {
  const { formerCodecs: names = [], extension } = input;
  return names.map((name) => {
    if (formatCodeOf(name) === undefined) return runtimeCodec(name, input);
    const alias = `${name}Codec`;
    const specifier = siblingSpecifier(formerCodecModule(name), extension);
    return { value: code(alias), imported: declare(specifier, { name: "codec", alias }) };
  });
}

/** The generated module of a codec that is the schema's own and no longer writes records. */
export function formerCodecModule(name: CodecName): string {
  return `${name}-codec`;
}

/** Formats that have no bigint or bytes of their own are told of the older fields that upgrades read. */
function runtimeCodec(name: CodecName, input: EmitInput): CodecUse {
  const isTold = name !== "cbor" && upgradeHistory(input).older.length > 0;
  return {
    value: code(`${name}Codec(${isTold ? "shape, olderVersions" : "shape"})`),
    imported: declare(`@session-gen/runtime/codecs/${name}`, { name: `${name}Codec` }),
  };
}

function declare(
  moduleSpecifier: string,
  named: { readonly name: string; readonly alias?: string },
): ImportDeclarationStructure {
  return { kind: StructureKind.ImportDeclaration, moduleSpecifier, namedImports: [named] };
}
