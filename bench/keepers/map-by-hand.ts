import { hash, randomBytes } from "node:crypto";
import type { SessionData } from "../example/generated/index.js";
import { decodeByHand, encodeByHand } from "../hand-written.js";
import { exampleData } from "../http/example.js";
import { inBatches } from "../in-batches.js";
import { type KeeperSource, sampleOf, sideBySide } from "./keeper.js";

interface Kept {
  readonly text: string;
  readonly expiresAt: number;
}

/**
 * The least that one writes to keep sessions in memory: their bytes, by code for this one session, as a text that takes as little
 * room as that of ours, by the hash of the key, with an expiry, and nothing that throws away what is over.
 */
export const mapByHand = {
  "by hand, Map": async () => {
    const kept = new Map<string, Kept>();
    let keys: string[] = [];
    const sessions: SessionData[] = [];
    const store = (key: string, session: SessionData): void => {
      kept.set(idOf(key), {
        text: encodeByHand(session).toString("latin1"),
        expiresAt: Date.now() + 3_600_000,
      });
    };
    return {
      async fill(count, sample) {
        const indexes = new Map(sampleOf(count, sample).map((index, at) => [index, at]));
        await inBatches(count, async (index) => {
          const key = randomBytes(32).toString("base64url");
          store(key, exampleData());
          const at = indexes.get(index);
          if (at !== undefined) keys[at] = key;
        });
        keys = sideBySide(keys);
      },
      load(index) {
        const found = kept.get(idOf(keys[index] ?? ""));
        if (found !== undefined && found.expiresAt > Date.now())
          return decodeByHand(Buffer.from(found.text, "latin1"));
        throw new Error("There is no such session.");
      },
      save(index) {
        const session = sessions[index] ?? exampleData();
        sessions[index] = session;
        session.visits += 1;
        store(keys[index] ?? "", session);
      },
    };
  },
} satisfies Readonly<Record<string, KeeperSource>>;

function idOf(key: string): string {
  return hash("sha256", key, "base64url");
}
