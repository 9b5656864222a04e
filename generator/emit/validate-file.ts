import { checkCode } from "./check-code.js";
import { alwaysUsed, reportingFunctions, supportFunctions } from "./check-support.js";
import type { EmitInput } from "./emit-input.js";
import { type EmittedFile, headerLine, siblingSpecifier, uncheckedLine } from "./source-file.js";

/** `validate.ts`: the checks of both forms. */
export function validateFile(input: EmitInput): EmittedFile {
  const { data } = input.names;
  const { fields } = input.model;
  const checks = checkCode({ tables: [{ name: "fields", comment: tableComment, fields }], form: "both" });
  const content = `${headerLine(input.schemaFile)}${uncheckedLine}
import type { WireProblem } from "@session-gen/runtime";
import type { ${data} } from "${siblingSpecifier("session", input.extension)}";

/** Whether a value is what a session of this shape holds; looks at own properties only. */
export function validate(value: unknown): value is ${data} {
  return fits(value, false) || checkFields(value, fields, false) === null;
}

/** Why \`validate\` refuses a value: every reason, or an empty list. */
export function explain(value: unknown): readonly WireProblem[] {
  return toProblems(checkFields(value, fields, false));
}

/** Why stored fields cannot be read: every reason, or an empty list. Absent and unknown fields are no reason. */
export function checkWire(stored: unknown): readonly WireProblem[] {
  return fits(stored, true) ? none : toProblems(checkFields(stored, fields, true));
}

${withSupport(checks)}
`;
  return { path: "validate.ts", content };
}

const tableComment = "The fields and their checks; the app always has those with a default.";

/** The code of checks, and after it the functions that they call. */
export function withSupport(checks: string): string {
  const support = supportFunctions.filter(
    ({ name }) => alwaysUsed.has(name) || new RegExp(`\\b${name}\\(`).test(checks),
  );
  return [checks, ...support.map(({ text }) => text), reportingFunctions].join("\n\n");
}
