import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { surround } from "../../runtime/backends/layer.js";
import { createMemoryBackend, type MemoryAbilities } from "../../runtime/backends/memory.js";
import type { SessionBackend } from "../../runtime/types/backend.js";
import { root } from "../house/source-files.js";
import { codeBlock } from "../packages/code-blocks.js";
import { type Accounts, changePassword, login } from "../suites/recipes/password-change.js";
import { open, openOver, stored } from "./fixture/open.js";

test("the recipe in the docs is the one that is tried here", () => {
  const tried = readFileSync(join(root, "test/suites/recipes/password-change.ts"), "utf8");
  const path = "../../runtime/fixture/generated/index.js";
  expect(codeBlock("docs/recipes.md", "passwords.ts")).toBe(tried.replace(path, "./generated/index.js"));
});

/** Once it is armed, lets so many steps of an actor pass, and holds it at the next until it is released. */
function createGate(steps: number) {
  let left = Number.POSITIVE_INFINITY;
  const reached = createSignal();
  const released = createSignal();
  const pass = async (): Promise<void> => {
    left -= 1;
    if (left !== -1) return;
    reached.give();
    await released.given;
  };
  const arm = (): void => {
    left = steps;
  };
  return { arm, pass, reached: reached.given, release: released.give };
}

function createSignal() {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give: () => give() };
}

type Gate = ReturnType<typeof createGate>;

/** A person's sessions over a backend that others use too, and the accounts, both behind a gate. */
function createActor(backend: SessionBackend<MemoryAbilities>, passwords: Map<number, string>, gate: Gate) {
  const { sessions } = openOver(
    surround(backend, (_method, call, options) => gate.pass().then(() => call(options))),
  );
  const accounts: Accounts = {
    check: (userId, password) =>
      gate.pass().then(() => (passwords.get(userId) === password ? password : null)),
    hashOf: (userId) => gate.pass().then(() => passwords.get(userId) ?? ""),
    setPassword: (userId, password) => gate.pass().then(() => void passwords.set(userId, password)),
  };
  return { sessions, accounts };
}

/** One of the two is held after so many steps, until the other is done. `false` when it was done before that. */
async function raceOnce(steps: number, held: "login" | "change"): Promise<boolean> {
  const backend = createMemoryBackend();
  const passwords = new Map([[1, "old"]]);
  const gate = createGate(steps);
  const openGate = createGate(Number.POSITIVE_INFINITY);
  const hers = createActor(backend, passwords, held === "change" ? gate : openGate);
  const his = createActor(backend, passwords, held === "login" ? gate : openGate);
  const { sessions } = createActor(backend, passwords, openGate);
  const key = await stored(sessions);
  const [mine, theirs] = [await hers.sessions.open(key), his.sessions.create()];
  const acts = {
    login: () => login(his.accounts, theirs, { userId: 1, password: "old" }),
    change: () => changePassword(hers.accounts, hers.sessions, { session: mine, password: "new" }),
  };
  gate.arm();
  const first = acts[held]();
  await Promise.race([gate.reached, first]);
  const wasHeld = await Promise.race([gate.reached.then(() => true), first.then(() => false)]);
  await acts[held === "login" ? "change" : "login"]();
  gate.release();
  await first;
  expect(await sessions.exists(theirs.key ?? ""), `${held} held after ${steps} steps`).toBe(false);
  expect(await sessions.exists(mine.key ?? "")).toBe(true);
  return wasHeld;
}

test.each(["login", "change"] as const)(
  "wherever a %s stands while the other happens, nobody stays signed in by the old password",
  async (held) => {
    let steps = 0;
    while (await raceOnce(steps, held)) steps += 1;
    expect(steps).toBeGreaterThan(2);
  },
);

test("a message that is shown goes, and one that another request adds meanwhile stays", async () => {
  const { sessions } = open();
  const session = await sessions.open();
  session.tags.push("saved");
  await session.save();
  const [shows, adds] = await Promise.all([
    sessions.open(session.key ?? ""),
    sessions.open(session.key ?? ""),
  ]);
  expect(shows.tags.splice(0)).toEqual(["saved"]);
  adds.tags.push("sent");
  await adds.save();
  await shows.save();
  expect((await sessions.load(session.key ?? ""))?.tags).toEqual(["sent"]);
});

test("a session lives as long as was chosen at login, also after later saves", async () => {
  const { sessions, clock } = open();
  const session = sessions.create({ userId: 1 });
  session.setExpiry(7 * 24 * 3600);
  await session.save();
  clock.advance("6d");
  const again = await sessions.open(session.key ?? "");
  again.name = "later";
  await again.save();
  clock.advance("6d");
  expect(await sessions.exists(again.key ?? "")).toBe(true);
});
