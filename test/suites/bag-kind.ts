import { jsonCodec } from "../../runtime/codecs/json.js";
import {
  BaseSession,
  openSessions,
  type SessionBackend,
  type Sessions,
  type Shape,
} from "../../runtime/index.js";

/** The fields that Passport, connect-flash and csrf-sync write. */
export interface BagData {
  passport?: { user?: string };
  flash: Record<string, string[]>;
  csrfToken?: string;
  theme?: string;
}

/** A session with the accessors that the generator writes for them. */
export class BagSession extends BaseSession<BagData> {}
for (const name of ["passport", "flash", "csrfToken", "theme"] as const) {
  Object.defineProperty(BagSession.prototype, name, {
    get(this: BagSession) {
      return this.get(name);
    },
    set(this: BagSession, value: never) {
      this.set(name, value);
    },
  });
}

const shape: Shape = {
  passport: { kind: { object: { user: { kind: "string" } } } },
  flash: { kind: { record: { array: "string" } }, default: {} },
  csrfToken: { kind: "string" },
  theme: { kind: "string" },
};

/** Sessions for middleware that was written for express-session. */
export function openBags(backend: SessionBackend): Sessions<BagSession> {
  const kind = {
    name: "session",
    Session: BagSession,
    shape,
    shapeHash: "bag",
    checkWire: () => [],
    codec: jsonCodec(shape),
    rotation: { onChange: ["passport"] },
  };
  return openSessions(kind, { backend }, () => backend);
}
