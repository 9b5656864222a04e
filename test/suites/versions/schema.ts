import type { FieldModel, KindModel } from "../../../generator/model/model.js";
import type { SchemaVersion } from "./code-version.js";

/** Fields by their names, none of which has a default. */
export type KindsByName = Readonly<Record<string, KindModel>>;

/** One edit of a schema, as a test writes it. */
export function schema(fields: KindsByName, rest: Omit<SchemaVersion, "fields"> = {}): SchemaVersion {
  return { fields: Object.entries(fields).map(([name, kind]): FieldModel => ({ name, kind })), ...rest };
}
