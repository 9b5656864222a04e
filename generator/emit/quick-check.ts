import { propertyName, quote } from "./literal.js";

/** A field in both forms, with the functions that check it. */
export interface QuickField {
  readonly name: string;
  readonly storedName: string;
  readonly check: string;
  readonly checkStored: string;
  /** Whether the app always has it. */
  readonly isRequired: boolean;
}

/** How many fields one function looks at: the compiler goes back over all statements before each that it checks. */
const partSize = 25;

/**
 * A function that says yes to what fits at once, in parts where there are many fields. It reads each member by its name, which
 * engines do several times faster than by a name out of a table. A statement a field, since the compiler follows a long
 * condition by recursion.
 */
export function quickCheck(fields: readonly QuickField[]): string {
  const isWhole = fields.length <= partSize;
  const parts = isWhole
    ? []
    : Array.from({ length: Math.ceil(fields.length / partSize) }, (_, part) =>
        fields.slice(part * partSize, (part + 1) * partSize),
      );
  const lines = isWhole
    ? statements(fields)
    : parts.map((_, part) => `  if (!fitsPart${part + 1}(value, isStored)) return false;\n`);
  const whole = `/** Whether the fields fit, in either form, as far as that is seen at once; where not, \`checkFields\` looks closer. */
${head("fits", lines)}  if (!isObject(value) || !isBare(value)) return false;
${lines.join("")}  return true;
}`;
  const others = parts.map((part, index) => {
    const own = statements(part);
    return `${head(`fitsPart${index + 1}`, own)}${own.join("")}  return true;\n}`;
  });
  return [whole, ...others].join("\n\n");
}

function head(name: string, lines: readonly string[]): string {
  const isStored = lines.some((line) => line.includes("isStored")) ? "isStored" : "_isStored";
  return `function ${name}(value: Unchecked, ${isStored}: boolean): boolean {\n`;
}

function statements(fields: readonly QuickField[]): readonly string[] {
  return fields.flatMap(misfits).map((misfit) => `  if (${misfit}) return false;\n`);
}

/** The conditions under which a field does not fit. */
function misfits({ name, storedName, check, checkStored, isRequired }: QuickField): readonly string[] {
  if (name !== storedName) {
    const app = misfit(name, check, isRequired ? "true" : undefined);
    return [`!isStored && (${app})`, `isStored && (${misfit(storedName, checkStored)})`];
  }
  const both = check === checkStored ? check : `(isStored ? ${checkStored} : ${check})`;
  return [misfit(name, both, isRequired ? "!isStored" : undefined)];
}

/** `whenAbsent` says when a field that is not there does not fit; never, when left out. */
function misfit(name: string, check: string, whenAbsent?: string): string {
  const [member, inherited] = [`value${access(name)}`, `shared${access(name)}`];
  const isWrong = `${member} === ${inherited} || ${check}(${member})`;
  if (whenAbsent !== undefined) return `${member} === undefined ? ${whenAbsent} : ${isWrong}`;
  return `${member} !== undefined && (${isWrong})`;
}

function access(name: string): string {
  return propertyName(name) === name ? `.${name}` : `[${quote(name)}]`;
}
