import { reindexSessions } from "../../../runtime/index.js";
import { cookieHeader } from "../../runtime/fixture/open.js";
import type { PlaceBackend } from "../faults/place.js";
import type { ShopSession } from "../shop-kind.js";
import type { TenantShop } from "../tenant-shop.js";
import type { Deed } from "./storm-plan.js";
import type { ShopOfTenant, Witness } from "./witness.js";

/** A process, and what it is to do something with. */
export interface Scene {
  readonly key: string;
  readonly backend: PlaceBackend;
  readonly sessions: TenantShop;
  readonly shop: ShopOfTenant;
  /** The same shop, seen by one whom nothing befalls. */
  readonly calm: ShopOfTenant;
  readonly witness: Witness;
}

/** What each deed is. All reject as the session does. */
export const doing: Readonly<Record<Deed, (scene: Scene) => Promise<void>>> = {
  load: async ({ shop, key, witness }) => witness.learn((await shop.load(key))?.key ?? null),
  write: (scene) => visit(scene, async (session) => session.save()),
  request: (scene) => visit(scene, async (session) => end(scene, session)),
  cycle: (scene) => visit(scene, (session) => session.cycleKey(), true),
  "log in": (scene) => {
    const userId = scene.witness.nextUser();
    const logIn = async (session: ShopSession): Promise<void> => {
      session.userId = userId;
      await end(scene, session);
    };
    return visit(scene, logIn, true);
  },
  "log out": async (scene) => {
    const session = await scene.shop.load(scene.key);
    if (session !== null) await ending(scene, async () => session.destroy().then(() => true));
  },
  delete: (scene) => ending(scene, () => scene.shop.delete(scene.key)),
  "revoke handle": async (scene) => {
    const handle = (await scene.calm.load(scene.key))?.handle;
    if (handle) await ending(scene, async () => (await scene.shop.revoke({ handle })) > 0);
  },
  "revoke user": async (scene) => {
    const { calm, shop, key, witness } = scene;
    const userId = (await calm.load(key))?.userId;
    const { users } = witness;
    if (userId === undefined) return;
    // A login that came between made it another user's.
    await ending(scene, async () => (await shop.revoke({ userId })) > 0 && users === witness.users);
  },
  "revoke all": (scene) => ending(scene, async () => scene.shop.revokeAll().then(() => true)),
  reindex: async ({ sessions, backend }) => void (await reindexSessions({ sessions, backend })),
  sweep: async ({ sessions }) => void (await sessions.cleanupExpired()),
};

/** Adds a visit to the session of the key, and does something that writes it. */
async function visit(
  { shop, key, witness }: Scene,
  work: (session: ShopSession) => Promise<unknown>,
  isRetiring = false,
): Promise<void> {
  const session = await shop.fromCookie(cookieHeader(key));
  if (session.isNew) return;
  session.visits += 1;
  witness.asked += 1;
  try {
    await work(session);
    if (session.key === null) return;
    witness.acknowledged += 1;
    if (isRetiring) witness.keyIsNow(session.key);
  } finally {
    // Also with an error, a new key may be sent.
    witness.learn(session.key);
  }
}

/** As an adapter ends a request. */
async function end({ shop }: Scene, session: ShopSession): Promise<void> {
  try {
    await shop.commit(session);
  } catch (error) {
    await shop.commit(session, { status: 503, failed: true });
    throw error;
  }
}

async function ending({ witness }: Scene, work: () => Promise<boolean>): Promise<void> {
  witness.mayBeOver = true;
  if (await work()) witness.isOver = true;
}
