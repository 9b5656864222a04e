import { jsonCodec } from "../../../runtime/codecs/json.js";
import {
  BaseSession,
  type Findable,
  openSessions,
  type SessionBackend,
  type SessionKind,
  type SessionsFor,
  type Shape,
} from "../../../runtime/index.js";

/** A field of each way to merge, which every change writes together. */
interface ModelData {
  userId?: number;
  /** How many changes there were: summed. */
  count: number;
  /** The token of each change: appended. */
  log: string[];
  /** The token of the last change: replaced. */
  word?: string;
}

export class ModelSession extends BaseSession<ModelData> {}

/** A backend that the model can run on. */
export type ModelBackend = SessionBackend<{ readonly find: Findable }>;

export type ModelSessions = SessionsFor<ModelSession, { userId?: number }, { readonly find: Findable }>;

const shape: Shape = {
  userId: { kind: "integer" },
  count: { kind: "integer", default: 0 },
  log: { kind: { array: "string" }, default: [] },
  word: { kind: "string" },
};

const kind: SessionKind<ModelSession> = {
  name: "session",
  Session: ModelSession,
  shape,
  shapeHash: "model",
  checkWire: (fields) =>
    typeof fields === "object" && fields !== null && Object.entries(fields).every(isFine)
      ? []
      : [{ field: "", path: "", message: "is not what the model writes" }],
  codec: jsonCodec(shape),
  indexes: ["userId"],
  merge: { count: "sum", log: "append" },
  expiry: { idle: "1h" },
  rotation: { every: "1m" },
  // No schedule takes so long: whose turn it is decides, and nothing else.
  deadline: "1h",
  onInvalid: "throw",
};

/** Sessions of the model over a backend. */
export function openModel(backend: ModelBackend, clock: () => number): ModelSessions {
  return openSessions(kind, { backend, clock }, () => backend);
}

function isFine([field, value]: readonly [string, unknown]): boolean {
  if (field === "log") return Array.isArray(value) && value.every((token) => typeof token === "string");
  return field === "word" ? typeof value === "string" : Number.isSafeInteger(value);
}
