import {
  openSessions,
  type SessionBackend,
  type SessionsOptions,
  type TenancyOptions,
  type TenantedSessionsFor,
} from "../../runtime/index.js";
import type { PlaceAbilities } from "./faults/place.js";
import { type ShopSession, shopKind } from "./shop-kind.js";

/** The shop's sessions, of several tenants. */
export type TenantShop = TenantedSessionsFor<ShopSession, { readonly userId?: number }, PlaceAbilities>;

/** Opens them over a backend; strict and without a limit unless the tenancy says otherwise. */
export function openTenants(
  backend: SessionBackend<PlaceAbilities>,
  tenancy: TenancyOptions = {},
  options: SessionsOptions = {},
): TenantShop {
  return openSessions<ShopSession, { readonly userId?: number }, PlaceAbilities>(
    { ...shopKind, tenancy },
    { ...options, backend },
    () => backend,
  );
}

/** The key of a new stored session. */
export async function storedIn(
  sessions: Pick<TenantShop, "create">,
  data: Parameters<TenantShop["create"]>[0] = { userId: 1 },
): Promise<string> {
  const session = sessions.create(data);
  await session.save();
  return session.key ?? "";
}

/**
 * Ids of tenants that one could be taken for another: by patterns, separators, paths, encodings, case, look-alikes,
 * halves of surrogate pairs, and length.
 */
export const hostileTenants: readonly string[] = [
  ...[
    "a",
    "A",
    "á",
    "a\u0301",
    "\u0430",
    "ａ",
    "ａ".normalize("NFKC").repeat(2),
    "a ",
    " a",
    "a\u0000",
    "\u0000",
  ],
  ...[
    "a:session:b",
    "a:session:",
    "tenant:a",
    "{tenantId}",
    "*",
    "?",
    "[x]",
    "{x}",
    "x",
    "[^a]",
    "%",
    "_",
    "-",
  ],
  ...[".", "..", "../a", "/", "a/b", "a\\b", "con", "nul.txt", "=", "==", "=41", "=x", "=m", "a=m", "a=3dm"],
  ...[
    "\ud800",
    "\udc00",
    "\ud83d",
    "😀",
    "\ufffd",
    "null",
    "undefined",
    "__proto__",
    "constructor",
    "\n",
    "'",
  ],
  ...["x".repeat(100), "x".repeat(101), "X".repeat(33), "X".repeat(34), "y".repeat(10_000)],
  `${"y".repeat(9_999)}z`,
];
