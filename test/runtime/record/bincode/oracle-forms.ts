import * as bincodeTs from "bincode-ts";
import type { KindModel, MemberModel } from "../../../../generator/model/model.js";
import type { WireValue } from "../../../../runtime/types/shape.js";

/** What is used of bincode-ts, whose own types are too deep to be made of a model. */
interface Bincode {
  readonly i64: object;
  readonly f64: object;
  readonly u8: object;
  readonly bool: object;
  readonly String: object;
  readonly Unit: object;
  readonly VARIANT: symbol;
  readonly VALUE: symbol;
  Collection(item: object): object;
  Struct(members: Readonly<Record<string, object>>): object;
  Enum(variants: Readonly<Record<string, object>>): object;
  Variant(index: number, type?: object): object;
  EnumVariantValue(variant: string, value?: unknown): object;
  encode(type: object, value: unknown, buffer: ArrayBuffer): number;
  decode(type: object, buffer: ArrayBuffer): { readonly value: unknown; readonly offset: number };
}

export const oracle: Bincode = bincodeTs as unknown as Bincode;

/**
 * bincode-ts 1.0.0 writes the standard configuration of bincode 2 when it is given integers as bigint; its numbers have
 * 32 bits. What it lacks is made of what it has: an `Option` is an enum of two variants, so that one in another can be
 * told, and a tuple is a struct.
 */
export interface Form {
  readonly type: object;
  to(wire: WireValue): unknown;
  from(value: unknown): WireValue;
}

const same = (type: object): Form => ({ type, to: (wire) => wire, from: (value) => value as WireValue });

const integer: Form = {
  type: oracle.i64,
  to: (wire) => BigInt(wire as number),
  from: (value) => Number(value),
};

const bytes: Form = {
  type: oracle.Collection(oracle.u8),
  to: (wire) => [...(wire as Uint8Array)],
  from: (value) => Uint8Array.from(value as number[]),
};

const bigint: Form = {
  type: oracle.Collection(oracle.u8),
  to: (wire) => {
    const value = wire as bigint;
    let length = 1;
    while (BigInt.asIntN(8 * length, value) !== value) length += 1;
    return Array.from({ length }, (_, index) =>
      Number(BigInt.asUintN(8, value >> BigInt(8 * (length - 1 - index)))),
    );
  },
  from: (value) =>
    (value as number[]).reduce(
      (sum, byte, index) => sum * 256n + BigInt(index === 0 && byte > 127 ? byte - 256 : byte),
      0n,
    ),
};

function variants(forms: readonly (Form | undefined)[]): {
  readonly type: object;
  of(index: number, value?: unknown): unknown;
  read(value: unknown): readonly [index: number, value: unknown];
} {
  const entries = forms.map((form, index) => [`v${index}`, oracle.Variant(index, form?.type)] as const);
  return {
    type: oracle.Enum(Object.fromEntries(entries)),
    of: (index, value) => oracle.EnumVariantValue(`v${index}`, value as never),
    read(value) {
      const { [oracle.VARIANT]: name, [oracle.VALUE]: inner } = value as Record<symbol, unknown>;
      return [Number(String(name).slice(1)), inner];
    },
  };
}

function optional(some: Form, none: WireValue | undefined): Form {
  const { type, of, read } = variants([undefined, some]);
  return {
    type,
    to: (wire) => (wire === none ? of(0) : of(1, some.to(wire))),
    from(value) {
      const [index, inner] = read(value);
      return index === 0 ? (none as WireValue) : some.from(inner);
    },
  };
}

function struct(parts: readonly (readonly [name: string | number, form: Form])[]): Form {
  const type = oracle.Struct(Object.fromEntries(parts.map(([, form], index) => [`m${index}`, form.type])));
  return {
    type,
    to: (wire) =>
      Object.fromEntries(
        parts.map(([name, form], index) => {
          const isOwn = Object.hasOwn(wire as object, name);
          return [`m${index}`, form.to(isOwn ? (wire as never)[name] : (undefined as never))];
        }),
      ),
    from(value) {
      const members = value as Record<string, unknown>;
      const entries = parts.map(([name, form], index) => [name, form.from(members[`m${index}`])] as const);
      return Object.fromEntries(entries.filter(([, member]) => member !== undefined));
    },
  };
}

function list(item: Form): Form {
  return {
    type: oracle.Collection(item.type),
    to: (wire) => (wire as WireValue[]).map(item.to),
    from: (value) => (value as unknown[]).map(item.from),
  };
}

function record(item: Form): Form {
  const entries = list(
    struct([
      ["0", same(oracle.String)],
      ["1", item],
    ]),
  );
  return {
    type: entries.type,
    to: (wire) => entries.to(Object.entries(wire as object)),
    from: (value) => {
      const pairs = entries.from(value) as unknown as { readonly 0: string; readonly 1: WireValue }[];
      return Object.fromEntries(pairs.map((pair) => [pair[0], pair[1]]));
    },
  };
}

/** Members in the order of their names. */
export function members(all: readonly MemberModel[]): Form {
  const names = all.map(({ name }) => name).sort();
  return struct(
    names.flatMap((name) =>
      all
        .filter((member) => member.name === name)
        .map((member) => {
          const form = formOf(member.kind);
          const isOption = member.optional === true || member.default !== undefined;
          return [name, isOption ? optional(form, undefined) : form] as const;
        }),
    ),
  );
}

function tuple({ items, rest }: Extract<KindModel, { readonly type: "tuple" }>): Form {
  const parts = items.map((item, index) => [index, formOf(item)] as const);
  const tail = rest && list(formOf(rest));
  const form = struct(tail ? [...parts, [items.length, tail]] : parts);
  return {
    type: form.type,
    to: (wire) => {
      const values = wire as WireValue[];
      return form.to(tail ? [...values.slice(0, items.length), values.slice(items.length)] : values);
    },
    from: (value) => {
      const values = Object.values(form.from(value) as object);
      return tail ? [...values.slice(0, -1), ...(values.at(-1) as WireValue[])] : values;
    },
  };
}

function literal(values: readonly (string | number | boolean)[]): Form {
  const byText = [...values].sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
  const { type, of, read } = variants(byText.map(() => undefined));
  return {
    type,
    to: (wire) => of(byText.indexOf(wire as string)),
    from: (value) => byText[read(value)[0]] as WireValue,
  };
}

const scalars: Readonly<Record<string, Form>> = {
  string: same(oracle.String),
  number: same(oracle.f64),
  integer,
  boolean: same(oracle.bool),
  null: { type: oracle.Unit, to: () => [], from: () => null },
  bigint,
  date: integer,
  bytes,
};

function formOf(kind: KindModel): Form {
  if (kind.type === "nullable") return optional(formOf(kind.inner), null);
  if (kind.type === "array") return list(formOf(kind.items));
  if (kind.type === "record") return record(formOf(kind.values));
  if (kind.type === "object") return members(kind.members);
  if (kind.type === "tuple") return tuple(kind);
  if (kind.type === "literal") return literal(kind.values);
  const form = scalars[kind.type];
  if (form === undefined) throw new Error(`There is no form for ${kind.type}.`);
  return form;
}
