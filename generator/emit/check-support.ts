/** A function that generated checks call; it is written into the file only when it is called. */
export interface SupportFunction {
  readonly name: string;
  readonly text: string;
}

/** In the order in which they are printed. A function may call those after it. */
export const supportFunctions: readonly SupportFunction[] = [
  {
    name: "checkFields",
    text: `/** What is wrong with the fields of a session, in the app's form or the stored one. */
function checkFields(value: Unchecked, fields: readonly FieldCheck[], isStored: boolean): Failures {
  if (!isObject(value)) return fail(null, "", "must be an object");
  let failures: Failures = null;
  for (const { name, stored = name, check, checkStored = check, isRequired } of fields) {
    const key = isStored ? stored : name;
    const member = value[key];
    const path = \`/\${escapePointer(key)}\`;
    if (owns(value, key, member, shared[key])) {
      const its = (isStored ? checkStored : check)(member, path);
      if (its !== null) failures = failures === null ? its : failures.concat(its);
    } else if (isRequired && !isStored) failures = fail(failures, path, "is missing");
  }
  return isPlain(value) ? failures : fail(failures, "", "must be a plain object");
}`,
  },
  {
    name: "owns",
    text: `/** What all objects have been given. */
const shared: Unchecked = Object.prototype;

/** Whether the value of a member is there and the object's own; \`inherited\` is what \`shared\` has under its name. */
function owns(object: object, name: string, value: unknown, inherited: unknown): boolean {
  if (value === undefined) return false;
  return (value !== inherited && isBare(object)) || Object.hasOwn(object, name);
}`,
  },
  {
    name: "isPlain",
    text: `/** An object of members: no array, Date, Map, typed array or other exotic. */
function isPlain(value: object): boolean {
  return isBare(value) || Object.prototype.toString.call(value) === "[object Object]";
}

/** Whether an object is of no class. */
function isBare(object: object): boolean {
  const prototype = Object.getPrototypeOf(object);
  return prototype === Object.prototype || prototype === null;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}`,
  },
  {
    name: "countOf",
    text: `function countOf(failures: Failures): number {
  return failures === null ? 0 : failures.length;
}

/** The failures that were noted before a union of which one form fits. */
function firstOf(failures: Failures, count: number): Failures {
  return failures === null || count === 0 ? null : failures.slice(0, count);
}`,
  },
  {
    name: "codePoints",
    text: `/** The length of a text as people count it: an emoji outside the basic plane is one. */
function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}`,
  },
  {
    name: "isMultiple",
    text: `/** Whether the quotient is a whole number, but for what decimal fractions lose in binary. */
function isMultiple(value: number, step: number): boolean {
  const quotient = value / step;
  return Math.abs(quotient - Math.round(quotient)) < 4 * Number.EPSILON * Math.max(Math.abs(quotient), 1);
}`,
  },
  {
    name: "isTime",
    text: `/** Whether a value is a point in time, in the app's form or the stored one. */
function isTime(value: unknown): boolean {
  return value instanceof Date || typeof value === "number";
}`,
  },
  {
    name: "isDistinct",
    text: `/** Whether no two items are equal. */
function isDistinct(items: readonly unknown[]): boolean {
  const texts = items.map((item) => canonical(item));
  return new Set(texts).size === texts.length;
}

/** One text per value: equal values have equal texts. */
function canonical(value: Unchecked): string {
  if (typeof value !== "object" || value === null) return typeof value + JSON.stringify(String(value));
  if (value instanceof Date) return "date" + value.getTime();
  if (value instanceof Uint8Array) return "bytes" + value.join();
  if (Array.isArray(value)) return "[" + value.map(canonical).join() + "]";
  return "{" + Object.keys(value).sort().map((key) => JSON.stringify(key) + canonical(value[key])).join() + "}";
}`,
  },
  {
    name: "storedName",
    text: `/** The name of a member as the app knows it: an only one that starts with "$" is stored with one more. */
function storedName(name: string, object: object): string {
  return name.startsWith("$$") && Object.keys(object).length === 1 ? name.slice(1) : name;
}`,
  },
];

/** The names of those that are written whatever the checks are. */
export const alwaysUsed: ReadonlySet<string> = new Set(["checkFields", "owns", "isPlain"]);

/** What turns failures into problems: always written. */
export const reportingFunctions = `/** What a check looks into before it can say what it is. */
type Unchecked = any;

/** What does not fit; null where everything does. */
type Failures = Failure[] | null;

interface Failure {
  /** Where, as a JSON pointer. */
  readonly path: string;
  readonly message: string;
}

type Check = (value: Unchecked, path?: string) => Failures;

/** How a field is checked. */
interface FieldCheck {
  readonly name: string;
  /** What it is stored as, where that is not its name. */
  readonly stored?: string;
  readonly check: Check;
  /** The check of what is stored, where that is another. */
  readonly checkStored?: Check;
  /** Whether the app always has it. */
  readonly isRequired?: boolean;
}

const none: readonly WireProblem[] = Object.freeze([]);
const noForm = "has none of the forms that it may have";

function fail(failures: Failures, path: string, message: string): Failure[] {
  const all = failures ?? [];
  all.push({ path, message });
  return all;
}

/** The failures as problems, without those of the single forms of a union, which would only confuse. */
function toProblems(failures: Failures): readonly WireProblem[] {
  if (failures === null) return none;
  const problems: WireProblem[] = [];
  let union: string | undefined;
  for (const { path, message } of failures.reverse()) {
    if (union !== undefined && (path === union || path.startsWith(\`\${union}/\`))) continue;
    union = message === noForm ? path : undefined;
    const [field = "", ...inside] = path.split("/").slice(1).map(unescapePointer);
    problems.push(Object.freeze({ field, path: field + inside.map(toStep).join(""), message }));
  }
  return Object.freeze(problems.reverse());
}

function toStep(name: string): string {
  if (/^\\d+$/.test(name)) return \`[\${name}]\`;
  return /^[\\p{ID_Start}$_][\\p{ID_Continue}$]*$/u.test(name) ? \`.\${name}\` : \`[\${JSON.stringify(name)}]\`;
}

function unescapePointer(text: string): string {
  return text.replaceAll("~1", "/").replaceAll("~0", "~");
}

function escapePointer(text: string): string {
  return text.replaceAll("~", "~0").replaceAll("/", "~1");
}`;
