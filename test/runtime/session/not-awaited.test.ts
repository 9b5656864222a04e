import { expect, test, vi } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { type FailingPlan, failingBackend } from "../../../runtime/testing/failing-backend.js";
import type { Session } from "../fixture/generated/index.js";
import { openOver, stored } from "../fixture/open.js";

async function opened(
  plan: FailingPlan,
): Promise<{ session: Session; commit: (status?: number) => unknown }> {
  const place = createMemoryBackend();
  const key = await stored(openOver(place).sessions);
  const { sessions } = openOver(failingBackend(place, plan));
  const session = await sessions.fromCookie(`__Host-session=${key}`);
  return { session, commit: (status = 200) => sessions.commit(session, { status }) };
}

const acts: readonly [string, FailingPlan, (session: Session) => Promise<unknown>][] = [
  ["save", { save: "reject" }, (session) => session.save()],
  ["cycleKey", { create: "reject" }, (session) => session.cycleKey()],
  ["touch", { touch: "reject" }, (session) => session.touch()],
  ["reload", { load: ["pass", "reject"] }, (session) => session.reload()],
  ["destroy", { save: "reject" }, (session) => session.destroy()],
];

test.each(acts)(
  "a %s that fails and that nobody waits for fails the request, and not the process",
  async (_name, plan, act) => {
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    const { session, commit } = await opened(plan);
    session.name = "Ann";
    void act(session);
    await expect(commit()).rejects.toMatchObject({ code: "unavailable" });
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  },
);

test("one that failed before another that did not is not forgotten", async () => {
  const { session, commit } = await opened({ create: ["reject"] });
  void session.cycleKey();
  void session.touch();
  await expect(commit()).rejects.toMatchObject({ code: "unavailable" });
});

test("one that the app has caught is no failure of the request, nor is one of a response that failed already", async () => {
  const caught = await opened({ touch: "reject" });
  await expect(caught.session.touch()).rejects.toMatchObject({ code: "unavailable" });
  await expect(caught.commit()).resolves.toEqual([]);
  const failed = await opened({ touch: "reject" });
  void failed.session.touch();
  await expect(failed.commit(500)).resolves.toEqual([]);
});

test("a logout that nobody waits for is tried again", async () => {
  const { session, commit } = await opened({ save: ["reject"] });
  void session.destroy();
  expect(JSON.stringify(await commit())).toContain("Max-Age=0");
});
