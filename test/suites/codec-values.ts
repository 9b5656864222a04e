import fc from "fast-check";
import type { KindModel } from "../../generator/model/model.js";

/** Texts of all of Unicode but half surrogate pairs: U+0000, emoji and what ends a line in JavaScript among them. */
export const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom("", "\0", "😀", "\u2028", "ﬀ", "é".repeat(40), "x".repeat(300)),
);

/** Names that mean something to JavaScript, to JSON or to us. */
export const hostileNames: readonly string[] = [
  ...["constructor", "then", "toJSON", "toString", "hasOwnProperty", "valueOf", "length", "size", "0", "-1"],
  ...["$date", "$$date", "$bigint", "$bytes", "$", "", "\0", " ", "名前", "odd-name", "a.b", 'a"b', "\\"],
];

/** Keys of records: any but `__proto__`, which is refused when it is saved. */
export const anyKey = fc
  .oneof(anyText, fc.constantFrom(...hostileNames))
  .filter((key) => key !== "__proto__");

export const anyNumber = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.constantFrom(...[0, -0, 2 ** 31, 2 ** 32, -(2 ** 31) - 1, 2 ** 53, 2 ** 53 + 2, -(2 ** 63), 2 ** 64]),
  fc.constantFrom(
    ...[0.1, 1.5, 5e-324, Number.MAX_VALUE, 127, 128, 255, 256, 65535, 65536, -32, -33, -128, -129],
  ),
);

export const anyInteger = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer(),
  fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 32, -(2 ** 32), 0, 250, 251, 65536),
);

export const anyBigint = fc.oneof(
  fc.bigInt(),
  fc.bigInt({ min: -(2n ** 300n), max: 2n ** 300n }),
  fc.constantFrom(
    0n,
    -1n,
    127n,
    128n,
    -128n,
    -129n,
    255n,
    256n,
    2n ** 63n,
    -(2n ** 63n),
    2n ** 64n,
    -(2n ** 64n),
  ),
);

export const anyDate = fc.oneof(
  fc.date({ noInvalidDate: true, min: new Date(-8.64e15), max: new Date(8.64e15) }),
  fc.constantFrom(...[0, -1, 8.64e15, -8.64e15, 1.7e12].map((epoch) => new Date(epoch))),
);

export const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 20 }),
  fc.uint8Array({ minLength: 256, maxLength: 300 }),
);

/** Any value of a kind, as an app holds it. Constraints of the kind are not heeded: codecs know none. */
export function dataOf(kind: KindModel): fc.Arbitrary<unknown> {
  switch (kind.type) {
    case "string":
      return anyText;
    case "number":
      return anyNumber;
    case "integer":
      return anyInteger;
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "bigint":
      return anyBigint;
    case "date":
      return anyDate;
    case "bytes":
      return anyBytes;
    case "literal":
      return fc.constantFrom(...kind.values);
    case "nullable":
      return fc.option(dataOf(kind.inner));
    case "union":
      return fc.oneof(...kind.members.map(dataOf));
    default:
      return compoundOf(kind);
  }
}

function compoundOf(
  kind: Extract<KindModel, { type: "array" | "tuple" | "object" | "record" }>,
): fc.Arbitrary<unknown> {
  switch (kind.type) {
    case "array":
      return fc.array(dataOf(kind.items), { maxLength: 4 });
    case "tuple": {
      const items = fc.tuple(...kind.items.map(dataOf));
      const rest = kind.rest === undefined ? fc.constant([]) : fc.array(dataOf(kind.rest), { maxLength: 3 });
      return fc.tuple(items, rest).map(([first, more]) => [...first, ...more]);
    }
    case "record":
      return fc.dictionary(anyKey, dataOf(kind.values), { maxKeys: 4, noNullPrototype: true });
    case "object": {
      const members = kind.members.map((member) => {
        const value = dataOf(member.kind);
        const isPresent = member.optional === true ? fc.boolean() : fc.constant(true);
        return fc.tuple(isPresent, value).map(([present, given]) => (present ? [[member.name, given]] : []));
      });
      // `fromEntries` defines, so that `__proto__` is a member like others.
      return fc.tuple(...members).map((entries) => Object.fromEntries(entries.flat()));
    }
  }
}
