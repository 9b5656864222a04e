import { beforeAll, describe } from "vitest";
import {
  openSessions,
  type SessionBackend,
  type SessionKind,
  type Sessions,
  type SessionsOptions,
} from "../../runtime/index.js";
import { testAdapter } from "../suites/adapter.js";
import { expressAdapter, fastifyAdapter, nodeAdapter } from "../suites/adapters.js";
import { backendSuite } from "../suites/backend.js";
import { everyAbility } from "../suites/everything.js";
import { isNightly } from "../suites/faults/scale.js";
import type { ShopSession } from "../suites/shop-kind.js";
import { isObserved, keepsEveryAbility, tenantId } from "./composed-abilities.js";
import { composedKind, observe } from "./composed-kind.js";
import { openComposedPlace, openPlainPlace } from "./composed-places.js";
import { type KeptComposition, nameOf } from "./compositions.js";
import { packedBackend } from "./packed-backend.js";

const adapters = [expressAdapter, fastifyAdapter, nodeAdapter];
/** Logouts that are raced: thousands are elsewhere, of what no composition changes. */
const rounds = 10;

/** The suite of backends, that of adapters, and what sessions can do beyond, over one composition. */
export function composedSuite(composition: KeptComposition, index: number): void {
  const kind = composedKind(composition);
  const adapter = adapters[Math.floor(index / 6) % adapters.length] ?? expressAdapter;
  const { place: name } = composition;

  describe(nameOf(composition), () => {
    let place: SessionBackend;
    beforeAll(async () => {
      place = name === "Keyv" ? openPlainPlace() : await openComposedPlace(name, composition);
    });

    // Each of them takes seconds: in every run one in six of the compositions goes through each, in turn; nightly all do.
    if (isNightly || index % 6 === 0) {
      backendSuite("its records", () => packedBackend(kind, place), {
        abilities: name === "Keyv" ? [] : everyAbility,
      });
    }
    const { sinks } = observe(composition);
    if (isNightly || index % 6 === 3) {
      testAdapter(adapter, "it", async () => ({ ...place, close: async () => {} }), {
        // Fifty requests that meet take a while where many tests run at once.
        open: (backend, options = {}) =>
          openAs(composition, kind, { ...options, deadline: "20s", backend, sinks }),
        rounds,
      });
    }
    if (name !== "Keyv") {
      const able = openComposedPlace(name, composition);
      keepsEveryAbility({ composition, kind, place: () => able });
    }
    isObserved(composition, (told) => openAs(composition, kind, { backend: place, sinks: told ?? [] }));
  });
}

/** As an app opens it, of one tenant where there are tenants. */
function openAs(
  { tenancy }: KeptComposition,
  kind: SessionKind<ShopSession>,
  options: SessionsOptions & { readonly backend: SessionBackend },
): Sessions<ShopSession> {
  const { backend } = options;
  return tenancy === "tenants"
    ? openSessions({ ...kind, tenancy: {} }, options, () => backend).forTenant(tenantId)
    : openSessions(kind, options, () => backend);
}
