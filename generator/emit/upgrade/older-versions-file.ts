import { storedFields } from "../../model/stored-names.js";
import { checkStoredCode } from "../check-code.js";
import type { EmitInput } from "../emit-input.js";
import { code, members, printBlock } from "../literal.js";
import { shapeOf } from "../shape-file.js";
import { type EmittedFile, headerLine } from "../source-file.js";
import { withSupport } from "../validate-file.js";
import { upgradeHistory } from "./upgrade-history.js";

/** `older-versions.ts`: the shapes that upgrades start from, and their checks; none where nothing is upgraded. */
export function olderVersionsFile(input: EmitInput): readonly EmittedFile[] {
  const { older } = upgradeHistory(input);
  if (older.length === 0) return [];
  const checks = new Map(older.map(({ number, fields }) => [checkName(number), storedFields(fields)]));
  const versions = older.map(({ number, fields }) =>
    members([
      ["shape", shapeOf(fields)],
      [
        "checkWire",
        code(`(fields) => (${checkName(number)}(fields) ? none : toProblems(${checkName(number)}.errors))`),
      ],
    ]),
  );
  const content = `${headerLine(input.schemaFile)}// @ts-nocheck
import type { OlderVersion } from "@session-gen/runtime";

/** What sessions were before, oldest first: their fields as data, and the checks of the stored form. */
export const olderVersions: readonly OlderVersion[] = ${printBlock(versions)};

${withSupport(checkStoredCode(checks))}
`;
  return [{ path: "older-versions.ts", content }];
}

function checkName(number: number): string {
  return `checkVersion${number}`;
}
