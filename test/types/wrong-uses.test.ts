import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { root } from "../house/source-files.js";
import { hostOf, messageOf, strictOptions } from "./typed-program.js";

const folder = join(root, "test/golden/wrong-uses");

/** Each line of the file that does not compile, and what TypeScript says of it. */
function complaintsOf(name: string): readonly (readonly [line: string, message: string])[] {
  const path = join(folder, name);
  const lines = readFileSync(path, "utf8").split("\n");
  const program = ts.createProgram([path], strictOptions, hostOf({}, strictOptions));
  const file = program.getSourceFile(path);
  return program.getSemanticDiagnostics(file).map((diagnostic) => {
    const row = file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? 0;
    return [lines[row]?.trim() ?? "", messageOf(diagnostic)];
  });
}

describe.each(["app.ts", "session.schema.ts"])("what TypeScript says of wrong uses in %s", (name) => {
  test("is short, and tells what is wrong", { timeout: 240_000 }, async () => {
    const complaints = complaintsOf(name);
    const uses = readFileSync(join(folder, name), "utf8").match(/ \/\/ wrong$/gm) ?? [];
    expect(
      complaints.map(([line]) => line.endsWith("// wrong")),
      "a wrong use each",
    ).toEqual(uses.map(() => true));
    for (const [line, message] of complaints) {
      expect(message.split("\n").length, line).toBeLessThan(5);
      expect(message.length, line).toBeLessThan(460);
    }
    const text = complaints.map(([line, message]) => `${line.replace(/ \/\/ wrong$/, "")}\n${message}\n`);
    await expect(text.join("\n")).toMatchFileSnapshot(join(folder, `${name}.txt`));
  });
});
