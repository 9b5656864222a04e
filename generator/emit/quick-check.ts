import { propertyName, quote } from "./literal.js";

/** A field in both forms, with the functions that check it. */
export interface QuickField {
  readonly app: QuickMember;
  readonly stored: QuickMember;
}

interface QuickMember {
  readonly name: string;
  readonly check: string;
  readonly isRequired: boolean;
}

/**
 * A function that says yes to what fits at once. It reads each member by its name, which engines do several times faster than by
 * a name out of a table; one line a field, since the compiler reads it too.
 */
export function quickCheck(fields: readonly QuickField[]): string {
  const terms = ["isBare(value)", ...fields.flatMap(termsOf)];
  return `/** Whether the fields fit, in either form, as far as that is seen at once; where not, \`checkFields\` looks closer. */
function fits(value, isStored) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return (
    ${terms.join(" &&\n    ")}
  );
}`;
}

function termsOf({ app, stored }: QuickField): readonly string[] {
  if (app.name !== stored.name) return [`(isStored || ${term(app)})`, `(!isStored || ${term(stored)})`];
  const check = app.check === stored.check ? app.check : `(isStored ? ${stored.check} : ${app.check})`;
  return [term({ ...app, check }, "isStored")];
}

function term({ name, check, isRequired }: QuickMember, absent = "false"): string {
  const [member, inherited] = [`value${access(name)}`, `shared${access(name)}`];
  const fits = `${member} !== ${inherited} && ${check}(${member})`;
  if (isRequired) return `(${member} === undefined ? ${absent} : ${fits})`;
  return `(${member} === undefined || (${fits}))`;
}

function access(name: string): string {
  return propertyName(name) === name ? `.${name}` : `[${quote(name)}]`;
}
