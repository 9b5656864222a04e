import { headsOf, type ModelFile, type NumberedField, newestFirst, storedName } from "./model-file.js";

/** A field of the last version, and what it was in earlier ones. */
export interface FieldLineage {
  readonly field: NumberedField;
  /**
   * What records of other shapes may hold of it, newest first: each that differs from the field and from those before
   * it in name, stored name, kind, default or being optional.
   */
  readonly earlier: readonly EarlierField[];
}

/** A field as some earlier versions had it. */
export interface EarlierField {
  readonly field: NumberedField;
  /** The hashes of the shapes that had it so, as the headers of records carry them; newest first. */
  readonly shapes: readonly string[];
}

/** The fields of a file's last version with their past: under the name they are stored under, and under those that they follow. */
export function lineageOf(file: ModelFile): readonly FieldLineage[] {
  const [head] = headsOf(file);
  const versions = newestFirst(file);
  return (head?.fields ?? []).map((field) => ({ field, earlier: earlierOf(field, versions) }));
}

function earlierOf(
  present: NumberedField,
  versions: ReturnType<typeof newestFirst>,
): readonly EarlierField[] {
  const names = ancestry(present, versions);
  const found = new Map<string, { readonly field: NumberedField; readonly shapes: string[] }>();
  for (const { fields, shape } of versions) {
    for (const field of fields.filter((candidate) => names.includes(storedName(candidate)))) {
      const key = contentOf(field);
      if (key === contentOf(present)) continue;
      const earlier = found.get(key) ?? { field, shapes: [] };
      if (!earlier.shapes.includes(shape)) earlier.shapes.push(shape);
      found.set(key, earlier);
    }
  }
  return [...found.values()];
}

/** What a field is stored under, and what those were that it took the place of. */
function ancestry(field: NumberedField, versions: ReturnType<typeof newestFirst>): readonly string[] {
  const names = [storedName(field)];
  let follows = field.follows;
  while (follows !== undefined && !names.includes(follows)) {
    const name = follows;
    names.push(name);
    follows = versions
      .flatMap(({ fields }) => fields)
      .find((candidate) => storedName(candidate) === name)?.follows;
  }
  return names;
}

/** Numbers apart, which a merge may change. */
function contentOf(field: NumberedField): string {
  const { number: _, follows: __, stored: ___, ...content } = field;
  return JSON.stringify([storedName(field), content]);
}
