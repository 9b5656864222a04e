import type { SessionData } from "../example/generated/index.js";
import { decodeByHand, encodeByHand } from "../hand-written.js";
import { exampleData } from "../http/example.js";

/** How a session is written into the columns `text` and `bytes`, and read from them. */
export interface Form {
  write(session: SessionData): readonly [text: string | null, bytes: Uint8Array | null];
  read(text: string, bytes: Buffer): unknown;
}

/** What is done about an answer that does not come. */
type Bound = <Answer>(answer: Promise<Answer>) => Promise<Answer>;

/** Without any promise. */
export const asJson: Form = {
  write: (session) => [JSON.stringify(session), null],
  read: (text) => JSON.parse(text),
};

const sameBytes = Buffer.from(encodeByHand(exampleData()));

/** The same bytes again and again, which nobody reads: what is left is the driver, with the key's hash. */
export const asNothing: Form = { write: () => [null, sameBytes], read: (_text, bytes) => bytes };

/** Each field checked when it is read and when it is written, by code for this one session, in the bytes of our codec. */
export const asChecked: Form = {
  write: (session) => [null, encodeByHand(session)],
  read: (_text, bytes) => decodeByHand(bytes),
};

/** The same, with the fields compared with a copy of those that were stored last: what has changed is merged into what others wrote. */
export function asCompared(): Form {
  const stored = new WeakMap<SessionData, SessionData>();
  return {
    ...asChecked,
    write(session) {
      const before = stored.get(session);
      const changes = Object.entries(session).filter(
        ([name, value]) => before?.[name as keyof SessionData] !== value,
      );
      const merged: SessionData = { ...session, ...before, ...Object.fromEntries(changes) };
      stored.set(session, merged);
      return asChecked.write(merged);
    },
  };
}

/** Waits for as long as it takes. */
export const unbounded: Bound = (answer) => answer;

/** Rejects after two seconds. */
export const inTime: Bound = (answer) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("The database does not answer.")), 2000);
    answer.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
