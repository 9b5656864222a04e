import type { BackendModel } from "../model/backend-model.js";
import { backendPlaces } from "../model/backend-places.js";
import type { Settings } from "../model/model.js";

/** A package that the app needs for an option of its schema. */
export interface NeededPeer {
  /** As npm knows it. */
  readonly name: string;
  /** The option as the schema says it. */
  readonly option: string;
  /** The versions that the runtime works with, as its package.json has them. */
  readonly range: string;
}

/** The packages beside the runtime that a schema's options ask for, each once. */
export function neededPeers(settings: Settings): readonly NeededPeer[] {
  const needed = [
    ...backendPlaces(settings.backend).flatMap(({ backend }) => backendPeers(backend)),
    ...(settings.codec === "cbor" ? [peer("cbor-x", 'codec: "cbor"', "^1.6.0")] : []),
    ...(settings.codec === "msgpack" ? [peer("msgpackr", 'codec: "msgpack"', "^2.0.0")] : []),
    ...(settings.analytics?.includes("prometheus")
      ? [peer("prom-client", "analytics: { prometheus: true }", "^15.0.0")]
      : []),
    ...settings.adapters.flatMap((adapter) => adapterPeers[adapter] ?? []),
  ];
  return [...new Map(needed.map((one) => [one.name, one])).values()];
}

function backendPeers(backend: BackendModel): readonly NeededPeer[] {
  switch (backend.backend) {
    case "redis":
      return [peer("ioredis", "redis()", "^5.4.0 || ^6.0.0")];
    case "jwt":
      return [peer("jose", "jwt()", "^6.0.0")];
    case "database":
      return [
        peer("kysely", "database()", "^0.28.0 || ^0.29.0"),
        { ...drivers[backend.dialect], option: `database({ dialect: "${backend.dialect}" })` },
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
  express: peer("express", 'adapters: ["express"]', "^4.17.0 || ^5.0.0"),
  fastify: peer("fastify", 'adapters: ["fastify"]', "^5.0.0"),
  hono: peer("hono", 'adapters: ["hono"]', "^4.0.0"),
  koa: peer("koa", 'adapters: ["koa"]', "^2.13.0 || ^3.0.0"),
  nest: ["@nestjs/common", "@nestjs/core"].map((name) =>
    peer(name, 'adapters: ["nest"]', "^11.0.0 || ^12.0.0"),
  ),
  next: peer("next", 'adapters: ["next"]', "^15.0.0 || ^16.0.0"),
};

function peer(name: string, option: string, range: string): NeededPeer {
  return { name, option, range };
}
