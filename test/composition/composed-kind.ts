import { randomBytes } from "node:crypto";
import { Registry } from "prom-client";
import { cborCodec } from "../../runtime/codecs/cbor.js";
import { jsonCodec } from "../../runtime/codecs/json.js";
import { msgpackCodec } from "../../runtime/codecs/msgpack.js";
import { brotli } from "../../runtime/compression/brotli.js";
import type { Compression } from "../../runtime/compression/compression.js";
import { gzip } from "../../runtime/compression/gzip.js";
import { zstd } from "../../runtime/compression/zstd.js";
import type { SessionKind, SessionsOptions } from "../../runtime/index.js";
import { createLogSink } from "../../runtime/observability/log.js";
import { createPrometheusSink } from "../../runtime/observability/prometheus.js";
import type { Codec } from "../../runtime/types/codec.js";
import { type ShopSession, shopKind } from "../suites/shop-kind.js";
import { codec as bincode } from "./bincode/generated/codec.js";
import model from "./bincode/session.model.json" with { type: "json" };
import type { Composition } from "./compositions.js";
import { codec as protobuf } from "./protobuf/generated/codec.js";
import { shape } from "./protobuf/generated/shape.js";
import { checkWire } from "./protobuf/generated/validate.js";

const codecs: Readonly<Record<Composition["codec"], Codec>> = {
  json: jsonCodec(shape),
  msgpack: msgpackCodec(shape),
  cbor: cborCodec(shape),
  bincode,
  protobuf,
};

/** Small, so that the records of tests are compressed. */
const threshold = 1;

const compressions: Readonly<Record<Exclude<Composition["compression"], "none">, Compression>> = {
  brotli: brotli({ threshold }),
  gzip: gzip({ threshold }),
  zstd: zstd({ threshold }),
};

const key = (): string => randomBytes(32).toString("base64url");

/** The shop's kind of session, put together as its schema could have said; the keys are its own. */
export function composedKind({ codec, compression, encryption }: Composition): SessionKind<ShopSession> {
  return {
    ...shopKind,
    shape,
    // Bincode reads nothing that another version wrote.
    shapeHash: model.versions.at(-1)?.shape ?? "",
    checkWire,
    codec: codecs[codec],
    ...(compression !== "none" && { compression: compressions[compression] }),
    ...(encryption === "encrypted" && { encryption: { keys: [key(), key()] } }),
  };
}

/** What is observed, and where it can be seen. */
export interface Observation {
  readonly sinks: NonNullable<SessionsOptions["sinks"]>;
  readonly lines: readonly string[];
  readonly registry: Registry;
}

/** Both kinds of sink, or none. */
export function observe({ analytics }: Composition): Observation {
  const lines: string[] = [];
  const registry = new Registry();
  const logger = { info: (line: unknown) => void lines.push(JSON.stringify(line)), warn: () => {} };
  const sinks =
    analytics === "observed" ? [createLogSink({ logger }), createPrometheusSink({ registry })] : [];
  return { sinks, lines, registry };
}
