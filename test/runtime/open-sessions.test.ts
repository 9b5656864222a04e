import { expect, test } from "vitest";
import { createSessions } from "./fixture/generated/index.js";

/** As JavaScript gives them, where no compiler looks. */
const wrong: readonly (readonly [what: string, options: unknown, told: string])[] = [
  ["options that are none", null, "takes an object of options"],
  ["a backend that is none", { backend: "redis" }, "no backend"],
  ["a backend without methods", { backend: {} }, "no create, load, save, touch, delete, exists"],
];

test.each(wrong)("sessions that are opened with %s say so", (_what, options, told) => {
  expect(() => createSessions(options as never)).toThrow(
    expect.objectContaining({ code: "config", message: expect.stringContaining(told) }),
  );
});
