import {
  openSessions,
  type SessionBackend,
  type SessionKind,
  type SessionRecord,
  type SessionSink,
  type SessionsFor,
} from "@session-gen/runtime";
import { createMemoryBackend, type MemoryAbilities } from "@session-gen/runtime/backends/memory";
import { jsonCodec } from "@session-gen/runtime/codecs/json";
import { Session, type SessionFilter, type SessionPatch } from "../fixture/generated/index.js";
import { shape } from "../fixture/generated/shape.js";
import { checkWire } from "../fixture/generated/validate.js";

type Json = Record<string, unknown>;

/** Sessions of a kind that may differ from the fixture's, over a memory whose bytes a test may change. */
export interface Tampered {
  readonly sessions: SessionsFor<Session, SessionFilter, MemoryAbilities>;
  readonly backend: SessionBackend<MemoryAbilities>;
  readonly warnings: string[];
  /** Stores a session, then changes its record. The key. */
  plant(data: SessionPatch, change: (record: SessionRecord) => Partial<SessionRecord>): Promise<string>;
  /** The stored fields of the session of a key. */
  fieldsOf(session: Session): Promise<Json>;
}

export function openKind(
  overrides: Partial<SessionKind<Session>> = {},
  sinks: readonly SessionSink[] = [],
): Tampered {
  const warnings: string[] = [];
  const kind: SessionKind<Session> = {
    name: "session",
    Session,
    shape,
    shapeHash: "present",
    checkWire,
    codec: jsonCodec(shape),
    indexes: ["userId"],
    ...overrides,
  };
  const backend = createMemoryBackend();
  const logger = { warn: (message: string) => void warnings.push(message) };
  const sessions = openSessions<Session, SessionFilter, MemoryAbilities>(
    kind,
    { backend, logger, sinks },
    () => backend,
  );
  return {
    sessions,
    backend,
    warnings,
    async plant(data, change) {
      const session = sessions.create(data);
      await session.save();
      const record = await recordOf(backend, session);
      const revision = record.revision + 1;
      await backend.save({ ...record, ...change(record), revision, writeId: "planted" });
      return session.key ?? "";
    },
    fieldsOf: async (session) => parse(await recordOf(backend, session)).fields,
  };
}

/** The record with these fields put in, as a version with this shape hash writes it. */
export function withFields(fields: Json, shapeHash = "present") {
  return (record: SessionRecord): Partial<SessionRecord> => {
    const contents = parse(record);
    const text = JSON.stringify({ ...contents, fields: { ...contents.fields, ...fields } });
    const header = record.header.replace(";present;", `;${shapeHash};`);
    return { data: new TextEncoder().encode(text), header };
  };
}

async function recordOf(backend: SessionBackend, { handle }: Session): Promise<SessionRecord> {
  const record = await backend.load(handle ?? "");
  if (record === null) throw new Error("the session has no record");
  return record;
}

function parse(record: SessionRecord): { readonly meta: Json; readonly fields: Json } {
  return JSON.parse(new TextDecoder().decode(record.data));
}
