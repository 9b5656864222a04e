import { stripVTControlCharacters } from "node:util";
import { afterEach, expect, test, vi } from "vitest";
import { createProgress } from "../../../generator/stores/step-progress.js";

afterEach(() => {
  vi.useRealTimers();
});

/** What stands in the log after ten of forty sessions, and after all. */
async function logged(color: boolean): Promise<readonly [string, string]> {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "setTimeout", "clearTimeout"] });
  let log = "";
  const context = {
    cwd: "/",
    print: () => {},
    log: (text: string) => {
      log += text;
    },
    color,
  };
  const progress = await createProgress(context, async () => 40);
  progress.show(10, "10 seen");
  await vi.advanceTimersByTimeAsync(500);
  const begun = log;
  progress.show(40, "40 seen");
  await vi.advanceTimersByTimeAsync(500);
  progress.end();
  return [begun, log.slice(begun.length)];
}

test("a command that takes a while draws a bar on a terminal, again and again in one place", async () => {
  const [begun, done] = await logged(true);
  // How much of it is bright is told by colours, which are for a real terminal.
  expect(begun).toMatch(/━{40} 10 seen/);
  expect(done).toMatch(/━{40} 40 seen/);
  expect(stripVTControlCharacters(done).length).toBeLessThan(done.length);
});

test("elsewhere it writes a line for each batch", async () => {
  expect(await logged(false)).toEqual(["10 seen\n", "40 seen\n"]);
});
