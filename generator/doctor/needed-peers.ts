import * as zlib from "node:zlib";
import type { BackendModel } from "../model/backend-model.js";
import { backendPlaces } from "../model/backend-places.js";
import type { Settings } from "../model/model.js";

/** A package that the app needs for an option of its schema. */
export interface NeededPeer {
  /** As npm knows it. */
  readonly name: string;
  /** The option as the schema says it. */
  readonly option: string;
  /** Where the option stands: `backend`, `codec`. */
  readonly about: string;
  /** The versions that the runtime works with, as its package.json has them. */
  readonly range: string;
}

/** The packages beside the runtime that a schema's options ask for, each once. */
export function neededPeers(settings: Settings): readonly NeededPeer[] {
  const needed = [
    ...backendPlaces(settings.backend).flatMap(({ backend }) => backendPeers(backend)),
    ...(settings.codec === "cbor" ? [cborX] : []),
    ...(settings.codec === "msgpack" ? [msgpackr] : []),
    ...(settings.compression?.algorithm === "zstd" && !("zstdCompressSync" in zlib) ? [zstd] : []),
    ...(settings.analytics?.includes("prometheus") ? [promClient] : []),
    ...settings.adapters.flatMap((adapter) => adapterPeers[adapter] ?? []),
  ];
  return [...new Map(needed.map((one) => [one.name, one])).values()];
}

const cborX = peer("cbor-x", "^1.6.0", { about: "codec", option: 'codec: "cbor"' });
const msgpackr = peer("msgpackr", "^2.0.0", { about: "codec", option: 'codec: "msgpack"' });
/** Where Node has none of its own, which it has from 22.15 on. */
const zstd = peer("@bokuweb/zstd-wasm", "^0.0.27", {
  about: "compression",
  option: 'compression: { algorithm: "zstd" }',
});
const promClient = peer("prom-client", "^15.0.0", {
  about: "analytics",
  option: "analytics: { prometheus: true }",
});

function backendPeers(backend: BackendModel): readonly NeededPeer[] {
  switch (backend.backend) {
    case "redis":
      return [peer("ioredis", "^5.4.1 || ^6.0.0", { about: "backend", option: "redis()" })];
    case "jwt":
      return [peer("jose", "^6.0.0", { about: "backend", option: "jwt()" })];
    case "database":
      return [
        peer("kysely", "^0.28.0 || ^0.29.0", { about: "backend", option: "database()" }),
        {
          ...drivers[backend.dialect],
          about: "backend",
          option: `database({ dialect: "${backend.dialect}" })`,
        },
      ];
    default:
      return [];
  }
}

const drivers = {
  sqlite: { name: "better-sqlite3", range: ">=11" },
  postgres: { name: "pg", range: "^8.11.0" },
  mysql: { name: "mysql2", range: "^3.9.0" },
} as const;

const adapterPeers: Readonly<Record<string, NeededPeer | readonly NeededPeer[]>> = {
  express: adapterPeer("express", "^4.17.0 || ^5.0.0"),
  fastify: adapterPeer("fastify", "^5.0.0"),
  hono: adapterPeer("hono", "^4.0.0"),
  koa: adapterPeer("koa", "^2.13.0 || ^3.0.0"),
  nest: ["@nestjs/common", "@nestjs/core"].map((name) => adapterPeer(name, "^11.0.0 || ^12.0.0", "nest")),
  next: adapterPeer("next", "^15.0.0 || ^16.0.0"),
};

function adapterPeer(name: string, range: string, adapter = name): NeededPeer {
  return peer(name, range, { about: "adapters", option: `adapters: ["${adapter}"]` });
}

function peer(name: string, range: string, wanted: Pick<NeededPeer, "about" | "option">): NeededPeer {
  return { name, range, ...wanted };
}
