import { runInThisContext } from "node:vm";
import { codecFiles } from "../../generator/emit/codec/codec-file.js";
import { shapeFile } from "../../generator/emit/shape-file.js";
import { validateFile } from "../../generator/emit/validate-file.js";
import type { CodecName, Model } from "../../generator/model/model.js";
import * as bincode from "../../runtime/codecs/bincode.js";
import * as protobuf from "../../runtime/codecs/protobuf.js";
import type { CheckWire } from "../../runtime/types/check-wire.js";
import type { Codec } from "../../runtime/types/codec.js";
import { toEmitInput } from "./codec-models.js";
import { toScript } from "./to-script.js";

/** What the generated files of a model export, run from their text. */
export interface LoadedCodec {
  readonly codec: Codec;
  readonly encode: (data: object) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => object;
  readonly checkWire: CheckWire;
  /** Of `session.proto`, where there is one. */
  readonly proto: string;
}

interface Checks {
  readonly explain: CheckWire;
  readonly checkWire: CheckWire;
}

/** Generates the codec of a model and loads it. `numbers` are those of a model with a history. */
export function loadGeneratedCodec(
  model: Model,
  codec: CodecName,
  { numbers = toEmitInput(model).numbers } = {},
): LoadedCodec {
  const input = { ...toEmitInput({ ...model, settings: { ...model.settings, codec } }), numbers };
  const files = codecFiles(input);
  const textOf = (path: string): string => files.find((file) => file.path === path)?.content ?? "";
  const modules: Record<string, unknown> = {
    "@session-gen/runtime/codecs/bincode": bincode,
    "@session-gen/runtime/codecs/protobuf": protobuf,
    "./shape.js": load(shapeFile(input).content, {}),
    "./validate.js": { explain: (data: unknown) => checks().explain(data) },
  };
  let loadedChecks: Checks | undefined;
  // Taking a model's checks apart takes longer than everything else, and few values need them.
  const checks = (): Checks => {
    loadedChecks ??= load(validateFile(input).content, {}) as Checks;
    return loadedChecks;
  };
  const loaded = load(textOf("codec.ts"), modules) as LoadedCodec;
  return { ...loaded, checkWire: (fields) => checks().checkWire(fields), proto: textOf("session.proto") };
}

/** The `codec.ts` of a model as a script for another thread: a function of `exports` and `require`. */
export function generatedCodecScript(model: Model, codec: CodecName): string {
  const input = toEmitInput({ ...model, settings: { ...model.settings, codec } });
  return toScript(codecFiles(input).find((file) => file.path === "codec.ts")?.content ?? "");
}

/** Runs the text of a TypeScript module; its exports. */
function load(text: string, modules: Readonly<Record<string, unknown>>): object {
  const exported = {};
  const run = runInThisContext(toScript(text));
  run(exported, (specifier: string) => modules[specifier]);
  return exported;
}
