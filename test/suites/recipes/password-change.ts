import type { Session, Sessions } from "../../runtime/fixture/generated/index.js";

/** Where the app keeps its users. */
export interface Accounts {
  /** The hash that this password fits; `null` when it is wrong. */
  check(userId: number, password: string): Promise<string | null>;
  hashOf(userId: number): Promise<string>;
  setPassword(userId: number, password: string): Promise<void>;
}

/** Signs in. `false` when the password is wrong, or was changed meanwhile. */
export async function login(
  accounts: Accounts,
  session: Session,
  { userId, password }: { readonly userId: number; readonly password: string },
): Promise<boolean> {
  const hash = await accounts.check(userId, password);
  if (hash === null) return false;
  session.userId = userId; // the key changes with this save
  await session.save();
  // A change of the password that began before has either seen this session, or is seen here.
  if ((await accounts.hashOf(userId)) === hash) return true;
  await session.destroy();
  return false;
}

/** Changes the password of whoever is signed in, and ends the user's other sessions: first the one, then the other. */
export async function changePassword(
  accounts: Accounts,
  sessions: Sessions,
  { session, password }: { readonly session: Session; readonly password: string },
): Promise<number> {
  const { userId } = session;
  if (userId === undefined) return 0;
  await accounts.setPassword(userId, password);
  await session.cycleKey();
  return sessions.revoke({ userId }, { except: session });
}
