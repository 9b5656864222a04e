import { expect, onTestFinished, test } from "vitest";
import { cookieHeader } from "../../runtime/fixture/open.js";
import { openShop } from "../shop-kind.js";
import { startChild } from "./child.js";
import { createPlace } from "./place.js";
import type { SharedPlace } from "./processes.js";
import { patience } from "./scale.js";

const clients = 8;

/** An app that is told to end while it is used, as at each deployment. */
export function terminationFault({ name, place, url }: SharedPlace): void {
  test(
    `${name}: an app that is terminated under load ends by itself, with all that it acknowledged stored`,
    async () => {
      const backend = await createPlace(place, url);
      onTestFinished(() => backend.close?.());
      const sessions = openShop(backend, { deadline: "20s" });
      const keys = await Promise.all(
        Array.from({ length: clients }, () => sessions.create({ userId: 9 }).ensureKey()),
      );
      const child = startChild("serve-until-terminated.ts", [place, url]);
      const address = await child.nextLine();
      const answered = keys.map(() => 0);
      const enough = new Promise<void>((resolve) => {
        void Promise.all(
          keys.map(async (key, client) => {
            while (await isServed(address, key)) {
              answered[client] = (answered[client] ?? 0) + 1;
              if (answered.every((count) => count > 3)) resolve();
            }
          }),
        ).then(() => resolve());
      });
      await enough;
      child.kill("SIGTERM");
      expect(await child.ended).toBe(0);
      const stored = await Promise.all(keys.map((key) => sessions.load(key)));
      // One more may have been stored whose answer could not be sent any more.
      for (const [client, session] of stored.entries())
        expect([answered[client], (answered[client] ?? 0) + 1]).toContain(session?.visits);
      expect(Math.min(...answered)).toBeGreaterThan(3);
    },
    patience,
  );
}

/** `false` once nobody answers any more. Any other answer than success is a fault. */
async function isServed(address: string, key: string): Promise<boolean> {
  const response = await fetch(address, { headers: { cookie: cookieHeader(key) } }).catch(() => null);
  if (response === null) return false;
  expect([response.status, await response.text()]).toEqual([200, expect.stringMatching(/^\d+$/)]);
  return true;
}
