import fc from "fast-check";

/**
 * What an actor does next, as one request of a browser or one step in it. Plain data, so that a schedule that was
 * found can be kept as it was printed.
 *
 * - `load`: begins a request with the key that the browser has now. `set` changes three fields of what was loaded.
 * - `save`, `commit` (as an adapter ends a request), `touch` and `rotate` (a new key at once) write.
 * - `logout` ends the loaded session, `delete` the one of the browser's key, `revoke` all of the user's.
 * - `wait` moves the clock past the time after which a key is changed, and past the life of what a crash leaves; `pause`
 *   past the time after which a crash is known for one; `expire` past the life of a session.
 * - `crash` ends the actor at the so manieth call of the backend from here; `isDone`: the call is still carried out.
 */
export type Command =
  | { readonly do: Exclude<CommandName, "crash"> }
  | { readonly do: "crash"; readonly after: number; readonly isDone: boolean };

type CommandName = (typeof names)[number] | "crash";

const names = [
  "load",
  "set",
  "save",
  "commit",
  "touch",
  "rotate",
  "logout",
  "delete",
  "revoke",
  "wait",
  "pause",
  "expire",
] as const;

/** What every actor does, and whose turn it is at each call of the backend: which of those that wait. */
export interface Schedule {
  readonly actors: readonly (readonly Command[])[];
  readonly order: readonly number[];
}

const plain = (name: (typeof names)[number]): fc.Arbitrary<Command> => fc.constant({ do: name });

/** Changes are frequent and endings rare, so that there is something to be lost. */
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: plain("set") },
  { weight: 3, arbitrary: plain("save") },
  ...(["load", "commit", "rotate"] as const).map((name) => ({ weight: 2, arbitrary: plain(name) })),
  ...(["touch", "wait", "pause", "logout"] as const).map((name) => ({ weight: 1, arbitrary: plain(name) })),
  {
    weight: 1,
    arbitrary: fc.oneof(
      ...(["delete", "revoke", "expire"] as const).map(plain),
      fc.record({ do: fc.constant("crash" as const), after: fc.nat(5), isDone: fc.boolean() }),
    ),
  },
);

/** Two to four actors on one session. */
export const schedules: fc.Arbitrary<Schedule> = fc.record({
  actors: fc.array(fc.array(command, { minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 4 }),
  order: fc.array(fc.nat(3), { maxLength: 120 }),
});
