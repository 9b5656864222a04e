import type { ShopSession } from "../shop-kind.js";
import type { TenantShop } from "../tenant-shop.js";

export type ShopOfTenant = ReturnType<TenantShop["forTenant"]>;

/** Knows what was said to whom in a storm, and looks at what the keys open. */
export class Witness {
  /** Every key that anybody was given, or knows. */
  readonly keys: string[] = [];
  readonly faults: string[] = [];
  /** How many visits were to be added, and of how many that was said to be done. */
  asked = 0;
  acknowledged = 0;
  /** How many users have been logged in. */
  users = 1;
  /** An ending has begun. */
  mayBeOver = false;
  /** It was said to be done. */
  isOver = false;
  readonly #shop: ShopOfTenant;
  readonly #dead = new Set<string>();
  readonly #logins: { readonly keys: readonly string[]; readonly userId: number }[] = [];

  constructor(shop: ShopOfTenant) {
    this.#shop = shop;
  }

  learn(key: string | null): void {
    if (key !== null && !this.keys.includes(key)) this.keys.push(key);
  }

  /** The next user, whom nobody may meet who has no other key than those that there are now. */
  nextUser(): number {
    this.users += 1;
    this.#logins.push({ keys: [...this.keys], userId: this.users });
    return this.users;
  }

  /** The key was changed for this one, without grace. */
  keyIsNow(key: string): void {
    for (const other of this.keys) if (other !== key) this.#dead.add(other);
  }

  /** How many sessions the keys open. Twice: who comes with a key may finish or undo what was left of a change. */
  async look(when: string): Promise<number> {
    const found = new Map<string, ShopSession>();
    for (const key of [...this.keys, ...this.keys]) {
      const session = await this.#shop.load(key);
      if (session === null) found.delete(key);
      else {
        found.set(key, session);
        this.learn(session.key);
      }
    }
    const handles = new Set([...found.values()].map(({ handle }) => handle));
    const faults = [...found].flatMap(([key, session]) => this.#faultsOf(key, session));
    if (handles.size > 1) faults.push(`${handles.size} sessions are usable`);
    if (this.isOver && handles.size > 0) faults.push("a session that has ended is usable");
    this.faults.push(...faults.map((fault) => `${when}: ${fault}`));
    return handles.size;
  }

  #faultsOf(key: string, { userId, visits }: ShopSession): readonly string[] {
    const isStranger = this.#logins.some((login) => login.userId === userId && login.keys.includes(key));
    return [
      ...(this.#dead.has(key) ? ["a key that was changed is usable"] : []),
      ...(isStranger ? ["an old key opens what a login wrote"] : []),
      ...(visits < this.acknowledged ? ["a visit is lost"] : []),
      ...(visits > this.asked ? ["a visit was counted twice"] : []),
    ];
  }
}
