import { posix } from "node:path";
import { expect, test } from "vitest";
import rootPackage from "../../package.json" with { type: "json" };
import { sourceFiles } from "./source-files.js";

const files = new Map(sourceFiles("test").map(({ path, text }) => [path, text]));
const scale = "test/suites/faults/scale.ts";

/** Takes its counts from there, and not only how long it may last; or asks the environment itself. */
const isScaled = (text: string): boolean =>
  /import \{[^}]*\b(scale|isNightly)\b[^}]*\} from "[./a-z-]*\/scale\.js"/.test(text) ||
  /process\.env\["SESSION_TEST_SCALE"\]/.test(text);

/** Whether a file, or one that it imports, does more in the night. */
function doesMoreNightly(path: string, seen = new Set<string>()): boolean {
  const text = files.get(path);
  if (text === undefined || path === scale || seen.has(path)) return false;
  seen.add(path);
  const imports = [...text.matchAll(/from "(\.[^"]+)\.js"/g)].map(([, to = ""]) =>
    posix.join(posix.dirname(path), `${to}.ts`),
  );
  return isScaled(text) || imports.some((imported) => doesMoreNightly(imported, seen));
}

test("what does more in the night is among the nightly tests", () => {
  const [, command = ""] = rootPackage.scripts["test:nightly"].split("vitest run ");
  const parts = command.split(" ");
  const scaled = [...files.keys()].filter((path) => path.endsWith(".test.ts") && doesMoreNightly(path));
  expect(scaled.length).toBeGreaterThan(20);
  expect(scaled.filter((path) => !parts.some((part) => path.includes(part)))).toEqual([]);
});
