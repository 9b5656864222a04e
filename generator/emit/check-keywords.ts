import { _, type Ajv, type Code, type CodeKeywordDefinition, type KeywordCxt, Name } from "ajv";

/** Teaches Ajv what JSON Schema has no words for. The code it emits calls the functions of `check-support.ts` by name. */
export function addCheckKeywords(ajv: Ajv): void {
  ajv.addVocabulary(["orNull"]);
  for (const keyword of keywords) ajv.addKeyword(keyword);
}

/** What a scalar must be, and the test that says so. */
interface Scalar {
  readonly message: string;
  readonly test: (data: Code) => Code;
}

const scalars: Readonly<Record<string, Scalar>> = {
  number: { message: "must be a finite number", test: (data) => _`Number.isFinite(${data})` },
  integer: { message: "must be a safe integer", test: (data) => _`Number.isSafeInteger(${data})` },
  bigint: { message: "must be a bigint", test: (data) => _`typeof ${data} === "bigint"` },
  bytes: { message: "must be a Uint8Array", test: (data) => _`${data} instanceof Uint8Array` },
  date: {
    message: "must be a valid Date",
    test: (data) => _`${data} instanceof Date && !Number.isNaN(${data}.getTime())`,
  },
  epoch: {
    message: "must be a date in epoch milliseconds",
    test: (data) => _`Number.isInteger(${data}) && Math.abs(${data}) <= 8.64e15`,
  },
};

const never: Scalar = { message: "", test: () => _`false` };
const scalarOf = (schema: unknown): Scalar => scalars[String(schema)] ?? never;
const support = (name: string): Code => new Name(name);

const keywords: readonly CodeKeywordDefinition[] = [
  {
    keyword: "is",
    error: { message: ({ schema, parentSchema }) => orNull(scalarOf(schema).message, parentSchema) },
    code: (cxt) => failUnless(cxt, scalarOf(cxt.schema).test(cxt.data)),
  },
  {
    keyword: "literal",
    error: { message: ({ schema, parentSchema }) => orNull(`must be ${listed(schema)}`, parentSchema) },
    code: (cxt) => failUnless(cxt, isOneOf(cxt.data, cxt.schema)),
  },
  rule(
    "isPlain",
    "object",
    () => "must be a plain object",
    (data) => _`!${support("isPlain")}(${data})`,
  ),
  rule(
    "isWellFormed",
    "string",
    () => "must not hold a lone surrogate",
    (data) => _`!${data}.isWellFormed()`,
  ),
  rule(
    "isSafeKey",
    "string",
    () => "is no name for a key",
    (data) => _`${data} === "__proto__"`,
  ),
  rule(
    "minCodePoints",
    "string",
    (limit) => `must have at least ${plural(limit, "character")}`,
    (data, limit) => _`${data}.length < ${2 * Number(limit)} && ${support("codePoints")}(${data}) < ${limit}`,
  ),
  rule(
    "maxCodePoints",
    "string",
    (limit) => `must have at most ${plural(limit, "character")}`,
    (data, limit) => _`${data}.length > ${limit} && ${support("codePoints")}(${data}) > ${limit}`,
  ),
  {
    keyword: "matches",
    type: "string",
    error: { message: ({ params }) => _`${params["message"] ?? ""}` },
    code: failUnlessMatching,
  },
  rule(
    "step",
    "number",
    (step) => `must be a multiple of ${step}`,
    (data, step) => _`!${support("isMultiple")}(${data}, ${step})`,
  ),
  rule(
    "isDistinct",
    "array",
    () => "must not hold the same item twice",
    (data) => _`!${support("isDistinct")}(${data})`,
  ),
  rule(
    "minBytes",
    undefined,
    (limit) => `must have at least ${plural(limit, "byte")}`,
    (data, limit) => _`${data} instanceof Uint8Array && ${data}.length < ${limit}`,
  ),
  rule(
    "maxBytes",
    undefined,
    (limit) => `must have at most ${plural(limit, "byte")}`,
    (data, limit) => _`${data} instanceof Uint8Array && ${data}.length > ${limit}`,
  ),
  rule(
    "earliest",
    undefined,
    (limit) => `must not be before ${isoTime(limit)}`,
    (data, limit) => _`${support("isTime")}(${data}) && ${data} < ${limit}`,
  ),
  rule(
    "latest",
    undefined,
    (limit) => `must not be after ${isoTime(limit)}`,
    (data, limit) => _`${support("isTime")}(${data}) && ${data} > ${limit}`,
  ),
  bigintRule("atLeast", ">=", (data, limit) => _`${data} < ${limit}`),
  bigintRule("atMost", "<=", (data, limit) => _`${data} > ${limit}`),
  bigintRule("above", ">", (data, limit) => _`${data} <= ${limit}`),
  bigintRule("below", "<", (data, limit) => _`${data} >= ${limit}`),
  bigintRule("bigintStep", "a multiple of", (data, limit) => _`${data} % ${limit} !== BigInt(0)`),
  {
    keyword: "storedKeys",
    type: "object",
    schemaType: "object",
    error: { message: "" },
    code: checkStoredKeys,
  },
];

type Limit = string | number;

function rule(
  keyword: string,
  type: "string" | "number" | "array" | "object" | undefined,
  message: (limit: Limit) => string,
  fails: (data: Code, limit: Limit) => Code,
): CodeKeywordDefinition {
  return {
    keyword,
    ...(type !== undefined && { type }),
    error: { message: ({ schema }) => message(schema) },
    code: (cxt) => cxt.fail(fails(cxt.data, cxt.schema)),
  };
}

function bigintRule(
  keyword: string,
  word: string,
  fails: (data: Code, limit: Code) => Code,
): CodeKeywordDefinition {
  return rule(
    keyword,
    undefined,
    (limit) => `must be ${word} ${limit}`,
    (data, limit) => _`typeof ${data} === "bigint" && ${fails(data, _`BigInt(${limit})`)}`,
  );
}

function failUnless(cxt: KeywordCxt, test: Code): void {
  cxt.fail(cxt.parentSchema["orNull"] === true ? _`${cxt.data} !== null && !(${test})` : _`!(${test})`);
}

function isOneOf(data: Code, values: readonly (string | number | boolean)[]): Code {
  return values.map((value) => _`${data} === ${value}`).reduce((left, right) => _`${left} || ${right}`);
}

/** One failure per pattern, each naming its own. */
function failUnlessMatching(cxt: KeywordCxt): void {
  const patterns: readonly { source: string; flags: string; format?: string }[] = cxt.schema;
  for (const { source, flags, format } of patterns) {
    const stateless = flags.replace(/[gy]/g, "");
    const pattern = cxt.gen.scopeValue("pattern", {
      key: `/${source}/${stateless}`,
      ref: new RegExp(source, stateless),
      code: _`new RegExp(${source}, ${stateless})`,
    });
    const isNamed = format !== undefined && patterns.length === 1;
    cxt.setParams(
      { message: isNamed ? `must be a valid ${format}` : `must match /${source}/${stateless}` },
      true,
    );
    cxt.fail(_`!${pattern}.test(${cxt.data})`);
  }
}

/** As `propertyNames`, for objects whose only member's name was stored with one more `$`. */
function checkStoredKeys(cxt: KeywordCxt): void {
  const { gen, data } = cxt;
  const valid = gen.name("valid");
  gen.forIn("key", data, (key) => {
    const name = gen.const("name", _`${support("storedName")}(${key}, ${data})`);
    cxt.setParams({ propertyName: name });
    cxt.subschema(
      { keyword: "storedKeys", data: name, dataTypes: ["string"], propertyName: name, compositeRule: true },
      valid,
    );
  });
  cxt.ok(valid);
}

function orNull(message: string, parentSchema: Readonly<Record<string, unknown>> | undefined): string {
  return parentSchema?.["orNull"] === true ? `${message} or null` : message;
}

function listed(values: readonly unknown[]): string {
  const texts = values.map((value) => JSON.stringify(value));
  return texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} or ${texts.at(-1)}`;
}

function plural(count: Limit, unit: string): string {
  return count === 1 ? `1 ${unit}` : `${count} ${unit}s`;
}

function isoTime(milliseconds: Limit): string {
  return new Date(milliseconds).toISOString();
}
