import {
  openSealedSessions,
  openSessions,
  type SealedSessions,
  type SessionBackend,
  type SessionKind,
  type SessionSeal,
  type SessionsFor,
} from "@session-gen/runtime";
import { jsonCodec } from "@session-gen/runtime/codecs/json";
import { codec as protobufCodec } from "../example/generated/codec.js";
import { Session, type SessionData, validate } from "../example/generated/index.js";
import { shape } from "../example/generated/shape.js";
import { checkWire } from "../example/generated/validate.js";
import session from "../example/session.json" with { type: "json" };
import { inBatches } from "../in-batches.js";
import type { Example } from "./mode.js";

/** The session of twelve fields, 735 bytes as JSON, that every mode keeps. */
export const example: Example = session;

/** Our sessions of that shape, and a `Cookie` header for each that is kept. */
export interface OpenedExample<Sessions> {
  readonly sessions: Sessions;
  readonly cookies: readonly string[];
}

export interface ExampleOptions {
  /** Protobuf, as its schema says, when left out. */
  readonly codec?: "json" | "protobuf";
  readonly count: number;
}

type ExampleSessions = SessionsFor<Session, Record<never, never>, object>;

/** Keeps so many sessions in a backend. What two requests add to `visits` at once is added up. */
export async function openExample(
  backend: SessionBackend,
  { codec = "protobuf", count }: ExampleOptions,
): Promise<OpenedExample<ExampleSessions>> {
  const sessions = openSessions({ ...kindIn(codec), merge: { visits: "sum" } }, { backend }, () => backend);
  return { sessions, cookies: await cookiesOf(sessions, count) };
}

/** Seals so many sessions into cookies. */
export async function openSealedExample(
  createSeal: (cookieName: string) => SessionSeal,
  { codec = "protobuf", count }: ExampleOptions,
): Promise<OpenedExample<SealedSessions<Session>>> {
  const sessions = openSealedSessions<Session>(kindIn(codec), {}, createSeal);
  return { sessions, cookies: await cookiesOf(sessions, count) };
}

async function cookiesOf(
  sessions: ExampleSessions | SealedSessions<Session>,
  count: number,
): Promise<readonly string[]> {
  const cookies: string[] = [];
  await inBatches(count, async (index) => {
    cookies[index] = `__Host-session=${await sessions.create(exampleData()).ensureKey()}`;
  });
  return cookies;
}

/** As `bench/example/generated/sessions.ts` has it. */
function kindIn(codec: "json" | "protobuf"): SessionKind<Session> {
  return {
    ...{ name: "session", Session, shape, shapeHash: "f1bd3bd99c641b8f", checkWire },
    codec: codec === "json" ? jsonCodec(shape) : protobufCodec,
  };
}

/** The data that every session of ours starts with. */
export function exampleData(): SessionData {
  const data: unknown = { ...example, lastLogin: new Date(Number(example["lastLogin"])) };
  if (!validate(data)) throw new Error("bench/example/session.json is not of its schema.");
  return data;
}
