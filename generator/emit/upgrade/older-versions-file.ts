import { storedFields } from "../../model/stored-names.js";
import { checkCode } from "../check-code.js";
import type { EmitInput } from "../emit-input.js";
import { code, members, printBlock } from "../literal.js";
import { shapeOf } from "../shape-file.js";
import { type EmittedFile, headerLine, uncheckedLine } from "../source-file.js";
import { withSupport } from "../validate-file.js";
import { upgradeHistory } from "./upgrade-history.js";

/** `older-versions.ts`: the shapes that upgrades start from, and their checks; none where nothing is upgraded. */
export function olderVersionsFile(input: EmitInput): readonly EmittedFile[] {
  const { older } = upgradeHistory(input);
  if (older.length === 0) return [];
  const tables = older.map(({ number, fields }) => ({
    name: tableName(number),
    comment: `The fields of version ${number} as they are stored, and their checks.`,
    fields: storedFields(fields),
  }));
  const versions = older.map(({ number, fields }) =>
    members([
      ["shape", shapeOf(fields)],
      ["checkWire", code(`(stored) => toProblems(checkFields(stored, ${tableName(number)}, true))`)],
    ]),
  );
  const content = `${headerLine(input.schemaFile)}${uncheckedLine}
import type { OlderVersion, WireProblem } from "@session-gen/runtime";

/** What sessions were before, oldest first: their fields as data, and the checks of the stored form. */
export const olderVersions: readonly OlderVersion[] = ${printBlock(versions)};

${withSupport(checkCode({ tables, form: "stored" }))}
`;
  return [{ path: "older-versions.ts", content }];
}

function tableName(number: number): string {
  return `version${number}`;
}
