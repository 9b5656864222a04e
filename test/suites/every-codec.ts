import { cborCodec } from "@session-gen/runtime/codecs/cbor";
import { jsonCodec } from "@session-gen/runtime/codecs/json";
import { msgpackCodec } from "@session-gen/runtime/codecs/msgpack";
import type { MakeCodec } from "./codec.js";
import { loadGeneratedCodec } from "./generated-codec.js";

/** Every codec by name. Who adds one adds it here, and the suites and fuzz tests over all of them have it. */
export const everyCodec: readonly (readonly [name: string, make: MakeCodec])[] = [
  ["json", (_model, shape) => jsonCodec(shape)],
  ["msgpack", (_model, shape) => msgpackCodec(shape)],
  ["cbor", (_model, shape) => cborCodec(shape)],
  ["bincode", (model) => loadGeneratedCodec(model, "bincode").codec],
  ["protobuf", (model) => loadGeneratedCodec(model, "protobuf").codec],
];
