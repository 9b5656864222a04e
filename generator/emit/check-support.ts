/** A function that generated checks call; it is written into the file only when it is called. */
export interface SupportFunction {
  readonly name: string;
  readonly text: string;
}

/** In the order in which they are printed. A function may call those after it. */
export const supportFunctions: readonly SupportFunction[] = [
  {
    name: "checkFields",
    text: `/** What is wrong with the fields of a session, or null: each is looked at by the check that its table names. */
function checkFields(value, fields) {
  if (!value || typeof value !== "object" || Array.isArray(value)) return fail(null, "", "must be an object");
  let failures = null;
  for (const [name, check, isRequired] of fields) {
    const member = value[name];
    if (!owns(value, name, member, shared[name])) {
      if (isRequired) failures = fail(failures, "/" + escapePointer(name), "is missing");
    } else if (!check(member)) {
      // Once more, for where it is.
      check(member, "/" + escapePointer(name));
      failures = failures === null ? check.errors : failures.concat(check.errors);
    }
  }
  return isPlain(value) ? failures : fail(failures, "", "must be a plain object");
}`,
  },
  {
    name: "owns",
    text: `/** What all objects have been given. */
const shared = Object.prototype;

/** Whether the value of a member is there and the object's own; \`inherited\` is what \`shared\` has under its name. */
function owns(object, name, value, inherited) {
  if (value === undefined) return false;
  return (value !== inherited && isBare(object)) || Object.hasOwn(object, name);
}`,
  },
  {
    name: "isPlain",
    text: `/** An object of members: no array, Date, Map, typed array or other exotic. */
function isPlain(value) {
  return isBare(value) || Object.prototype.toString.call(value) === "[object Object]";
}

/** Whether an object is of no class. */
function isBare(object) {
  const prototype = Object.getPrototypeOf(object);
  return prototype === Object.prototype || prototype === null;
}`,
  },
  {
    name: "codePoints",
    text: `/** The length of a text as people count it: an emoji outside the basic plane is one. */
function codePoints(text) {
  let count = 0;
  for (const _ of text) count++;
  return count;
}`,
  },
  {
    name: "isMultiple",
    text: `/** Whether the quotient is a whole number, but for what decimal fractions lose in binary. */
function isMultiple(value, step) {
  const quotient = value / step;
  return Math.abs(quotient - Math.round(quotient)) < 4 * Number.EPSILON * Math.max(Math.abs(quotient), 1);
}`,
  },
  {
    name: "isTime",
    text: `/** Whether a value is a point in time, in the app's form or the stored one. */
function isTime(value) {
  return value instanceof Date || typeof value === "number";
}`,
  },
  {
    name: "isDistinct",
    text: `/** Whether no two items are equal. */
function isDistinct(items) {
  const texts = items.map((item) => canonical(item));
  return new Set(texts).size === texts.length;
}

/** One text per value: equal values have equal texts. */
function canonical(value) {
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
function storedName(name, object) {
  return name.startsWith("$$") && Object.keys(object).length === 1 ? name.slice(1) : name;
}`,
  },
];

/** The names of those that are written whatever the checks are. */
export const alwaysUsed: ReadonlySet<string> = new Set(["checkFields", "owns", "isPlain"]);

/** What turns failures into problems: always written. */
export const reportingFunctions = `const none = Object.freeze([]);
const noForm = "has none of the forms that it may have";

/** Notes a failure. The path is a JSON pointer. */
function fail(failures, path, message) {
  (failures ??= []).push({ path, message });
  return failures;
}

/** The failures, if any, as problems, without those of the single forms of a union, which would only confuse. */
function toProblems(failures) {
  if (failures === null) return none;
  const problems = [];
  let union;
  for (const { path, message } of failures.reverse()) {
    if (union !== undefined && (path === union || path.startsWith(union + "/"))) continue;
    union = message === noForm ? path : undefined;
    const [field = "", ...inside] = path.split("/").slice(1).map(unescapePointer);
    problems.push(Object.freeze({ field, path: field + inside.map(toStep).join(""), message }));
  }
  return Object.freeze(problems.reverse());
}

function toStep(name) {
  if (/^\\d+$/.test(name)) return "[" + name + "]";
  return /^[\\p{ID_Start}$_][\\p{ID_Continue}$]*$/u.test(name) ? "." + name : "[" + JSON.stringify(name) + "]";
}

function unescapePointer(text) {
  return text.replaceAll("~1", "/").replaceAll("~0", "~");
}

function escapePointer(text) {
  return text.replaceAll("~", "~0").replaceAll("/", "~1");
}`;
