import { runInThisContext } from "node:vm";
import { codecFiles } from "../../../generator/emit/codec/codec-file.js";
import type { EmitInput } from "../../../generator/emit/emit-input.js";
import { shapeFile } from "../../../generator/emit/shape-file.js";
import { toEmitInput } from "../../../generator/emit/to-emit-input.js";
import { olderVersionsFile } from "../../../generator/emit/upgrade/older-versions-file.js";
import { upgradeHistory } from "../../../generator/emit/upgrade/upgrade-history.js";
import { validateFile } from "../../../generator/emit/validate-file.js";
import type { ModelFile } from "../../../generator/history/model-file.js";
import { nextVersion } from "../../../generator/history/next-version.js";
import type { FieldModel, Settings } from "../../../generator/model/model.js";
import type { IndexColumns } from "../../../runtime/backends/database/record-row.js";
import { cborCodec } from "../../../runtime/codecs/cbor.js";
import { jsonCodec } from "../../../runtime/codecs/json.js";
import { msgpackCodec } from "../../../runtime/codecs/msgpack.js";
import * as protobuf from "../../../runtime/codecs/protobuf.js";
import { BaseSession, type SessionKind } from "../../../runtime/index.js";
import type { Codec } from "../../../runtime/types/codec.js";
import { toModel } from "../codec-models.js";
import { toScript } from "../to-script.js";

/** Any data: the tests ask for fields by name. */
export class AnySession extends BaseSession<Record<string, unknown>> {}

/** The codecs that read what other versions wrote. */
export type EvolvingCodec = "json" | "cbor" | "msgpack" | "protobuf";

/** One edit of a schema. */
export interface SchemaVersion {
  readonly fields: readonly FieldModel[];
  readonly renamed?: Readonly<Record<string, string>>;
  readonly settings?: Partial<Settings>;
  /** What the app's `defineUpgrades` gives. */
  readonly upgrades?: object;
}

/** Code as it is deployed: what the generator makes of a schema, run. */
export interface CodeVersion {
  readonly kind: SessionKind<AnySession>;
  readonly file: ModelFile;
  readonly fields: readonly FieldModel[];
  /** The place of its shape among the versions of the file. */
  readonly place: number;
  /** The places of those that its upgrades start from. */
  readonly older: readonly number[];
  /** Of its indexes, where its backend is a database. */
  readonly columns: IndexColumns;
}

/** The code of each of these schemas, each generated upon the model file of the one before. */
export function codeVersions(
  codec: EvolvingCodec,
  schemas: readonly SchemaVersion[],
): readonly CodeVersion[] {
  const versions: CodeVersion[] = [];
  for (const schema of schemas) versions.push(codeVersion(codec, schema, versions.at(-1)?.file));
  return versions;
}

/** The code of a schema with this model file before it. */
function codeVersion(codec: EvolvingCodec, schema: SchemaVersion, before?: ModelFile): CodeVersion {
  const plain = toModel(schema.fields);
  const settings: Settings = {
    ...plain.settings,
    importExtension: "js",
    ...schema.settings,
    codec,
    ...(schema.renamed !== undefined && { renamed: schema.renamed }),
    ...(schema.upgrades !== undefined && { upgrade: "./session.upgrade.ts" }),
  };
  const model = { ...plain, settings };
  const decisions = { allowBreaking: true, dropped: namesIn(before) };
  const next = nextVersion({ model, file: before, migrationNames: [], decisions });
  const input = toEmitInput({ model, schemaFile: "session.schema.ts", output: "generated" }, next);
  return {
    kind: toKind(input, schema.upgrades),
    file: next.file,
    fields: schema.fields,
    place: next.file.versions.indexOf(next.head),
    older: upgradeHistory(input).older.map(({ number }) => number - 1),
    columns: Object.fromEntries(input.columns.map(({ field, column, type }) => [field, { column, type }])),
  };
}

function namesIn(file: ModelFile | undefined): readonly string[] {
  return (file?.versions ?? []).flatMap(({ fields }) => fields.map(({ name }) => name));
}

function toKind(input: EmitInput, functions: object | undefined): SessionKind<AnySession> {
  const { shape } = load<Pick<SessionKind<AnySession>, "shape">>(shapeFile(input).content);
  const { checkWire } = load<Pick<SessionKind<AnySession>, "checkWire">>(validateFile(input).content);
  const { steps } = upgradeHistory(input);
  const [olderFile] = olderVersionsFile(input);
  const older = olderFile === undefined ? [] : load<Older>(olderFile.content).olderVersions;
  const { indexes, merge } = input.model.settings;
  return {
    name: input.model.name,
    Session: AnySession,
    shape,
    shapeHash: input.shapeHash,
    checkWire,
    codec: toCodec(input, shape, older),
    ...(functions !== undefined &&
      older.length > 0 && { upgrades: { functions, older, steps: Object.fromEntries(steps) } }),
    indexes,
    lateIndexes: input.indexes?.late ?? [],
    endedIndexes: input.indexes?.ended ?? [],
    indexKeys: input.indexes?.keys ?? {},
    merge,
    rotation: false,
    // Whose turn it is on a busy machine is not what is tested.
    deadline: "1h",
  };
}

interface Older {
  readonly olderVersions: NonNullable<SessionKind<AnySession>["upgrades"]>["older"];
}

function toCodec(
  input: EmitInput,
  shape: SessionKind<AnySession>["shape"],
  older: Older["olderVersions"],
): Codec {
  switch (input.model.settings.codec) {
    case "cbor":
      return cborCodec(shape);
    case "msgpack":
      return msgpackCodec(shape, older);
    case "protobuf":
      return load<{ readonly codec: Codec }>(
        codecFiles(input).find(({ path }) => path === "codec.ts")?.content ?? "",
        { "@session-gen/runtime/codecs/protobuf": protobuf, "./shape.js": { shape }, "./validate.js": {} },
      ).codec;
    default:
      return jsonCodec(shape, older);
  }
}

/** Runs the text of a TypeScript module; its exports. */
function load<Exports>(text: string, modules: Readonly<Record<string, unknown>> = {}): Exports {
  const exported = {};
  runInThisContext(toScript(text))(exported, (specifier: string) => modules[specifier]);
  return exported as Exports;
}
