import { byStoredName } from "../record/wire-fields.js";
import type { FieldShape, Kind, Shape } from "../types/shape.js";

/**
 * What a place has held in two versions of the shape: the later kind, with the members of objects that only the
 * earlier one has. A member keeps its type as long as it keeps its stored name.
 */
export function joinKinds(earlier: Kind, later: Kind): Kind {
  if (typeof earlier === "string" || typeof later === "string") return later;
  if ("nullable" in earlier) return joinKinds(earlier.nullable, later);
  if ("nullable" in later) return { nullable: joinKinds(earlier, later.nullable) };
  if ("object" in later) {
    return "object" in earlier ? { ...later, object: joinShapes(earlier.object, later.object) } : later;
  }
  if ("array" in later)
    return "array" in earlier ? { ...later, array: joinKinds(earlier.array, later.array) } : later;
  if ("record" in later)
    return "record" in earlier ? { record: joinKinds(earlier.record, later.record) } : later;
  if (!("tuple" in later && "tuple" in earlier)) return later;
  const tuple = later.tuple.map((kind, index) => joinKinds(earlier.tuple[index] ?? kind, kind));
  return { ...later, tuple };
}

/** The fields or members of both, by the names that they are stored under. */
function joinShapes(earlier: Shape, later: Shape): Shape {
  const joined = new Map<string, FieldShape>(byStoredName(earlier));
  for (const [stored, field] of byStoredName(later)) {
    const before = joined.get(stored);
    const kind = before === undefined ? field.kind : joinKinds(before.kind, field.kind);
    joined.set(stored, { ...field, kind });
  }
  return Object.fromEntries([...joined].map(([stored, field]) => [stored, { ...field, stored }]));
}
