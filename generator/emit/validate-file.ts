import { checkCode } from "./check-code.js";
import { alwaysUsed, reportingFunctions, supportFunctions } from "./check-support.js";
import type { EmitInput } from "./emit-input.js";
import { type EmittedFile, headerLine, siblingSpecifier } from "./source-file.js";

/** `validate.ts`: the checks of both forms. Ajv's code is JavaScript, so the compiler is told to look at the exports only. */
export function validateFile(input: EmitInput): EmittedFile {
  const { data } = input.names;
  const { fields } = input.model;
  const checks = checkCode([
    { name: "appFields", comment: appComment, form: "app", fields },
    { name: "storedFields", comment: "The same as they are stored.", form: "wire", fields },
  ]);
  const content = `${headerLine(input.schemaFile)}// @ts-nocheck
import type { WireProblem } from "@session-gen/runtime";
import type { ${data} } from "${siblingSpecifier("session", input.extension)}";

/** Whether a value is what a session of this shape holds; looks at own properties only. */
export function validate(value: unknown): value is ${data} {
  return fits(value, false) || checkFields(value, appFields) === null;
}

/** Why \`validate\` refuses a value: every reason, or an empty list. */
export function explain(value: unknown): readonly WireProblem[] {
  return toProblems(checkFields(value, appFields));
}

/** Why stored fields cannot be read: every reason, or an empty list. Absent and unknown fields are no reason. */
export function checkWire(fields: unknown): readonly WireProblem[] {
  return fits(fields, true) ? none : toProblems(checkFields(fields, storedFields));
}

${withSupport(checks)}
`;
  return { path: "validate.ts", content };
}

const appComment =
  "The fields as the app holds them, and their checks; those with a default are always there.";

/** The code of checks with the functions that they call. */
export function withSupport(checks: string): string {
  const support = supportFunctions.filter(
    ({ name }) => alwaysUsed.has(name) || new RegExp(`\\b${name}\\(`).test(checks),
  );
  return [reportingFunctions, ...support.map(({ text }) => text), checks].join("\n\n");
}
