/** A value that a schema names. */
export type LiteralValue = string | number | boolean;

/** The values of an enum by their codes, and the codes by their values. */
export interface Enumeration<Value extends LiteralValue = LiteralValue> {
  /** At their code; what never was or is no longer a code is `undefined`. */
  readonly values: readonly (Value | undefined)[];
  readonly codes: ReadonlyMap<unknown, number>;
  /** The same of values that older versions had: read and written back, and refused by the check. */
  readonly former: {
    readonly values: readonly (LiteralValue | undefined)[];
    readonly codes: ReadonlyMap<unknown, number>;
  };
}

/** The enum of these codes, and of those that the values of older versions had. */
export function enumeration<const Value extends LiteralValue>(
  byCode: Readonly<Record<number, Value>>,
  former: Readonly<Record<number, LiteralValue>> = {},
): Enumeration<Value> {
  return { ...table(byCode), former: table(former) };
}

function table<Value extends LiteralValue>(
  byCode: Readonly<Record<number, Value>>,
): Pick<Enumeration<Value>, "values" | "codes"> {
  const values: (Value | undefined)[] = [];
  const codes = new Map<unknown, number>();
  for (const [text, value] of Object.entries(byCode)) {
    const code = Number(text);
    while (values.length <= code) values.push(undefined);
    values[code] = value;
    codes.set(value, code);
  }
  return { values, codes };
}

/** In wire form, a value that another version knows by its code: refused by every check, and written back as it is. */
export interface UnknownLiteral {
  readonly $code: number;
}

/** The code of such a value; `undefined` for anything else. */
export function unknownCode(value: unknown): number | undefined {
  if (typeof value !== "object" || value === null || !("$code" in value)) return undefined;
  const { $code } = value;
  return Number.isSafeInteger($code) && Object.keys(value).length === 1 ? ($code as number) : undefined;
}
