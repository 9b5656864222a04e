import type { FieldModel, Model } from "./model.js";

/** The name that a field is stored under. */
export function storedName({ name, stored }: Pick<FieldModel, "name" | "stored">): string {
  return stored ?? name;
}

/** The model with the stored names that its fields have by their history. */
export function withStoredNames(model: Model, fields: readonly Pick<FieldModel, "name" | "stored">[]): Model {
  const byName = new Map(fields.map(({ name, stored }) => [name, stored]));
  return {
    ...model,
    fields: model.fields.map((field) => {
      const stored = byName.get(field.name);
      return stored === undefined ? field : { ...field, stored };
    }),
  };
}

/** The fields as they are called where they are stored: in the eyes of codecs and of programs in other languages. */
export function storedFields(fields: readonly FieldModel[]): readonly FieldModel[] {
  return fields.map(({ stored, ...field }) => (stored === undefined ? field : { ...field, name: stored }));
}
