import { expect, test } from "vitest";
import { codeVersions } from "../../suites/versions/code-version.js";
import { deploy } from "../../suites/versions/deployment.js";

test("a field that is null is not found by its default", async () => {
  const kind = { type: "nullable", inner: { type: "string", maxLength: 9 } } as const;
  const one = { fields: [{ name: "team", kind, default: "none" }], settings: { indexes: ["team"] } };
  const [now] = deploy(codeVersions("json", [one]));
  if (now === undefined) throw new Error("One version was to be deployed.");
  const [unset, without] = [await now.store({}), await now.store({ team: null })];
  expect([await now.data(unset), await now.data(without)]).toEqual([{ team: "none" }, { team: null }]);
  expect(await now.sessions.revoke({ team: "none" } as never)).toBe(1);
  expect(await now.sessions.load(without)).not.toBeNull();
});
