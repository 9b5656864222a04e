import { hash } from "node:crypto";
import { parse, stringify } from "./codec-tasks.js";
import { createSessions, type Session } from "./example/generated/index.js";
import { decodeByHand, encodeByHand } from "./hand-written.js";
import { exampleData } from "./http/example.js";
import { asCompared } from "./keepers/by-hand-promises.js";
import { randomId } from "./keepers/random-id.js";
import type { Comparison } from "./measure.js";

/** Used in turn: few enough to be loaded and written again soon, as what a session leaves in memory has to be collected. */
const count = 100;

const sessions = createSessions();

/** Loads and saves of sessions in memory, by name. */
export const sessionTasks: Readonly<Record<string, () => Promise<Comparison>>> = {
  "load, read before": async () => {
    const keys = await createEach();
    return awaited({ run: (index) => load(keys, index), reference: parse });
  },
  "load, not read before": async () => {
    const keys = await createEach();
    const saveEach = async (): Promise<unknown> => Promise.all((await loadEach(keys)).map(change));
    return awaited({
      ...{ run: (index) => load(keys, index), reference: parse },
      prepare: { every: count, work: saveEach },
    });
  },
  "save, again and again": async () => {
    const [session] = await loadEach(await createEach());
    return awaited({ run: () => change(session), reference: stringify });
  },
  "save, just loaded": async () => {
    const keys = await createEach();
    let loaded: readonly (Session | null)[] = [];
    const loadAll = async (): Promise<void> => {
      loaded = await loadEach(keys);
    };
    return awaited({
      ...{ run: (index) => change(loaded[index]), reference: stringify },
      prepare: { every: count, work: loadAll },
    });
  },
  "load and save": async () => {
    const keys = await createEach();
    return awaited({
      run: async (index) => change(await load(keys, index)),
      reference: () => [parse(), stringify()],
    });
  },
};

function awaited(task: Omit<Comparison, "name" | "isAwaited">): Comparison {
  return { ...task, name: "time", isAwaited: true };
}

/** The keys of sessions that are kept. */
function createEach(): Promise<readonly string[]> {
  return Promise.all(Array.from({ length: count }, () => sessions.create(exampleData()).ensureKey()));
}

function load(keys: readonly string[], index: number): Promise<Session | null> {
  return sessions.load(keys[index % count] ?? "");
}

function loadEach(keys: readonly string[]): Promise<readonly (Session | null)[]> {
  return Promise.all(keys.map((_, index) => load(keys, index)));
}

function change(session: Session | null | undefined): Promise<void> {
  if (!session) throw new Error("There is no session.");
  session.visits += 1;
  return session.save();
}

/** The least of it: the bytes of the same codec by hand, as a text in a `Map`, found by the hash of the key. */
export function mapTasks(): readonly Comparison[] {
  const kept = new Map<string, string>();
  const keys = Array.from({ length: count }, (_, index) => `by-hand-${String(index).padStart(35, "0")}`);
  const idAt = (index: number): string => hash("sha256", keys[index % count] ?? "", "base64url");
  const ids = keys.map((_, index) => idAt(index));
  const data = exampleData();
  const save = (index: number): void => {
    data.visits += 1;
    const { buffer, byteOffset, length } = encodeByHand(data);
    kept.set(ids[index % count] ?? "", Buffer.from(buffer, byteOffset, length).toString("latin1"));
  };
  for (const index of keys.keys()) save(index);
  const load = (index: number): unknown => decodeByHand(Buffer.from(kept.get(idAt(index)) ?? "", "latin1"));
  return [
    { name: "load", run: load, reference: parse },
    { name: "save", run: save, reference: stringify },
    { name: "save with promises", run: saveWithPromises(), reference: stringify, isAwaited: true },
  ];
}

interface Kept {
  readonly revision: number;
  readonly writeId: string;
  readonly expiresAt: number;
  readonly text: string;
}

/** What `session.save` promises too, by hand: it compares what is saved with what was stored, and the revision; and it is awaited. */
function saveWithPromises(): () => Promise<void> {
  const form = asCompared();
  const kept = new Map<string, Kept>();
  const id = "by-hand";
  const session = { data: exampleData(), revision: 0 };
  return async () => {
    session.data.visits += 1;
    const [, bytes] = form.write(session.data);
    if (bytes === null || (kept.get(id)?.revision ?? 0) !== session.revision)
      throw new Error("Somebody else wrote.");
    session.revision += 1;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
    const { revision } = session;
    kept.set(id, { revision, writeId: randomId(), expiresAt: Date.now() + 3_600_000, text });
  };
}
