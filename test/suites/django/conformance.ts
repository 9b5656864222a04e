import { afterAll, beforeAll, describe, it, vi } from "vitest";
import { fakeClock } from "../../../runtime/testing/index.js";
import type { MakeBackend } from "../adapter.js";
import type { AdapterUnderTest } from "../adapter-shop.js";
import { changeCases } from "./change-cases.js";
import { dictionaryCases } from "./dictionary-cases.js";
import { expiryCases } from "./expiry-cases.js";
import { keyCases } from "./key-cases.js";
import { middlewareCases } from "./middleware-cases.js";
import { openWorld, type World } from "./world.js";

/** What Django's documentation says of its sessions. */
export const djangoCases = [
  ...dictionaryCases,
  ...changeCases,
  ...keyCases,
  ...expiryCases,
  ...middlewareCases,
];

/** The behaviours of Django's sessions, in our words, over one framework and one backend. */
export function djangoConformance(
  adapter: AdapterUnderTest,
  backendName: string,
  makeBackend: MakeBackend,
): void {
  describe(`${adapter.name} on ${backendName}, as Django`, () => {
    let world: World;
    const clock = fakeClock(Date.now());
    beforeAll(async () => {
      vi.spyOn(process, "emitWarning").mockReturnValue();
      world = await openWorld(adapter, await makeBackend(clock), clock);
    });
    afterAll(async () => {
      await world.close();
      vi.restoreAllMocks();
    });
    it.each(djangoCases)("%s", (_behaviour, see) => see(world));
  });
}
