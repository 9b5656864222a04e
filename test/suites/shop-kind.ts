import { jsonCodec } from "../../runtime/codecs/json.js";
import {
  BaseSession,
  openSessions,
  type SessionBackend,
  type SessionKind,
  type Sessions,
  type SessionsOptions,
  type Shape,
  type WireProblem,
} from "../../runtime/index.js";
import { SLOTS, type Slot } from "./slots.js";

/** What a shop's session holds; by hand what the generator writes for such a schema. */
export type ShopData = {
  userId?: number;
  theme?: string;
  visits: number;
  cart: { sku: string; quantity: number }[];
} & { [Name in Slot]?: number };

/** A typed session, as generated code has it. */
export class ShopSession extends BaseSession<ShopData> {
  get userId(): number | undefined {
    return super.get("userId");
  }
  set userId(value: number | undefined) {
    super.set("userId", value);
  }
  get theme(): string | undefined {
    return super.get("theme");
  }
  set theme(value: string | undefined) {
    super.set("theme", value);
  }
  get visits(): number {
    return super.get("visits");
  }
  set visits(value: number) {
    super.set("visits", value);
  }
  get cart(): ShopData["cart"] {
    return super.get("cart");
  }
  set cart(value: ShopData["cart"]) {
    super.set("cart", value);
  }
}

const shape: Shape = {
  userId: { kind: "integer" },
  theme: { kind: "string" },
  visits: { kind: "integer", default: 0 },
  cart: {
    kind: { array: { object: { sku: { kind: "string" }, quantity: { kind: "integer" } } } },
    default: [],
  },
  ...Object.fromEntries(Array.from({ length: SLOTS }, (_, slot) => [`slot${slot}`, { kind: "integer" }])),
};

/** A shop's kind of session: indexed by user, visits summed, carts appended. */
export const shopKind: SessionKind<ShopSession> = {
  name: "session",
  Session: ShopSession,
  shape,
  shapeHash: "shop",
  checkWire,
  codec: jsonCodec(shape),
  indexes: ["userId"],
  merge: { visits: "sum", cart: "append" },
  redact: ["cart"],
};

/** Opens the shop's sessions over a backend. */
export type OpenShop = (backend: SessionBackend, options?: SessionsOptions) => Sessions<ShopSession>;

/** Sessions of the shop's kind over a backend. */
export function openShop(backend: SessionBackend, options: SessionsOptions = {}): Sessions<ShopSession> {
  return openSessions(shopKind, { ...options, backend }, () => backend);
}

function checkWire(fields: unknown): readonly WireProblem[] {
  if (typeof fields !== "object" || fields === null) {
    return [{ field: "", path: "", message: "must be object" }];
  }
  return Object.entries(fields).flatMap(([field, value]) => {
    const isText = field === "theme";
    const isFine = field === "cart" ? Array.isArray(value) : typeof value === (isText ? "string" : "number");
    return isFine ? [] : [{ field, path: field, message: `must be ${isText ? "string" : "number"}` }];
  });
}
