import { readFileSync } from "node:fs";
import { openSessions, type SessionBackend, type SessionsFor } from "@session-gen/runtime";
import { jsonCodec } from "@session-gen/runtime/codecs/json";
import { createSessions, Session, type SessionData, validate } from "../example/generated/index.js";
import { shape } from "../example/generated/shape.js";
import { checkWire } from "../example/generated/validate.js";
import type { Example } from "./mode.js";

const text = readFileSync(new URL("../example/session.json", import.meta.url), "utf8");

/** The session of twelve fields, 735 bytes as JSON, that every mode keeps. */
export const example: Example = JSON.parse(text);

type ExampleSessions = SessionsFor<Session, Record<never, never>, object>;

/** Our sessions of that shape, in protobuf as its schema says, or in JSON; keeps so many, and gives their cookies. */
export async function openExample(
  backend: SessionBackend,
  { codec = "protobuf", count }: { readonly codec?: "json" | "protobuf"; readonly count: number },
): Promise<{ readonly sessions: ExampleSessions; readonly cookies: readonly string[] }> {
  const kind = { name: "session", Session, shape, shapeHash: "f1bd3bd99c641b8f", checkWire };
  const sessions =
    codec === "protobuf"
      ? createSessions({ backend })
      : openSessions({ ...kind, codec: jsonCodec(shape) }, {}, () => backend);
  const keys = Array.from({ length: count }, () => sessions.create(exampleData()).ensureKey());
  return { sessions, cookies: (await Promise.all(keys)).map((key) => `__Host-session=${key}`) };
}

function exampleData(): SessionData {
  const data: unknown = { ...example, lastLogin: new Date(Number(example["lastLogin"])) };
  if (!validate(data)) throw new Error("bench/example/session.json is not of its schema.");
  return data;
}
