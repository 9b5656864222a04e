import type { CompressionModel, CookieModel } from "../model/model.js";
import { keysCode, textCode } from "./backend-calls.js";
import { formerCodecs, presentCodec } from "./codec/codec-uses.js";
import type { EmitInput } from "./emit-input.js";
import {
  type Call,
  type Code,
  code,
  members,
  type Printable,
  type PrintableObject,
  printable,
} from "./literal.js";
import { type FieldStep, upgradeHistory } from "./upgrade/upgrade-history.js";

/** The table of everything that the runtime needs to know about this kind; only what the schema sets. */
export function kindTable(input: EmitInput): PrintableObject {
  const { model, names, shapeHash, indexes = { late: [], ended: [], keys: {} } } = input;
  const { settings } = model;
  const former = formerCodecs(input).map(({ value }) => value);
  const some = <T extends object>(value: T): Printable | undefined =>
    Object.keys(value).length > 0 ? printable(value) : undefined;
  return members([
    ["name", model.name],
    ["Session", code(names.session)],
    ["shape", code("shape")],
    ["shapeHash", shapeHash],
    ["checkWire", code("checkWire")],
    ["codec", presentCodec(input).value],
    ["formerCodecs", former.length > 0 ? former : undefined],
    ["compression", settings.compression && compression(settings.compression)],
    ["encryption", settings.encryption && members([["keys", keysCode(settings.encryption.keys)]])],
    ["upgrades", upgrades(input)],
    ["indexes", some(settings.indexes)],
    ["lateIndexes", some(indexes.late)],
    ["endedIndexes", some(indexes.ended)],
    ["indexKeys", some(indexes.keys)],
    ["merge", some(settings.merge)],
    ["redact", some(settings.redact)],
    ["expiry", settings.expiry && some(settings.expiry)],
    ["rotation", settings.rotation === false ? false : settings.rotation && some(settings.rotation)],
    ["cookie", settings.cookie && cookie(settings.cookie)],
    // Even of nothing but defaults: it is what makes tenants.
    ["tenancy", settings.tenancy && printable(settings.tenancy)],
    ["deadline", settings.deadline],
    ["onInvalid", settings.onInvalid],
  ]);
}

function upgrades(input: EmitInput): Printable | undefined {
  const { steps } = upgradeHistory(input);
  if (steps.size === 0) return undefined;
  const stepsOf = [...steps].map(([field, all]) => [field, all.map(stepTable)] as const);
  return members([
    ["functions", code("upgrades")],
    ["older", code("olderVersions")],
    ["steps", members(stepsOf)],
  ]);
}

function stepTable(step: FieldStep): Printable {
  const { version } = step;
  return printable("stored" in step ? { version, stored: step.stored } : { version, shapes: step.shapes });
}

function compression({ algorithm, ...options }: CompressionModel): Call | Code {
  const argument = members(Object.entries(options));
  return argument.size === 0 ? code(`${algorithm}()`) : { callee: algorithm, argument };
}

/** Whether a variable of the environment is named anywhere in it. */
export function namesEnvironment(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return isReference(value) || Object.values(value).some(namesEnvironment);
}

function cookie(model: CookieModel): Printable {
  return members(
    Object.entries(model).map(([name, value]) => [
      name,
      isReference(value) ? textCode(value) : printable(value),
    ]),
  );
}

function isReference(value: unknown): value is { readonly env: string; readonly default?: string } {
  return typeof value === "object" && value !== null && "env" in value;
}
