/** A schema that has no kind here: what is wrong with it, and the names of the calls that make one. */
export interface Refusal {
  readonly reason: string;
  /** The first is its own name. */
  readonly calls: readonly string[];
}

const notStored =
  "cannot be stored; say it with strings, numbers, booleans, dates, bytes, arrays, objects and records";
const changes =
  "turns one value into another, and a stored record could not be checked; store the value as it is and convert it in the app";
const vague = "accepts everything, so that nothing could be checked; say what the value is";

/** By zod's name of the type. */
export const zodRefusals: Readonly<Record<string, Refusal>> = {
  any: refusal("any", vague),
  unknown: refusal("unknown", vague),
  never: refusal("never", "accepts nothing; leave the field out"),
  void: refusal("void", "is no value; write `.optional()` for what may be absent"),
  undefined: refusal("undefined", "is no value; write `.optional()` for what may be absent"),
  nan: refusal("nan", "cannot be stored; use null for what is not known"),
  map: refusal("map", `${notStored}, here \`z.record\``),
  set: refusal("set", `${notStored}, here \`z.array\``),
  symbol: refusal("symbol", notStored),
  function: refusal("function", notStored),
  promise: refusal("promise", notStored),
  file: refusal("file", "cannot be stored; store its bytes as `z.instanceof(Uint8Array)`"),
  lazy: refusal("lazy", "may hold itself, and its depth would have no limit; write the levels out", "json"),
  pipe: refusal("pipe", changes, "transform", "preprocess", "codec", "stringbool"),
  transform: refusal("transform", changes, "preprocess"),
  catch: refusal("catch", "hides values that do not fit; use the schema's option `onInvalid`", "_catch"),
  prefault: refusal("prefault", "is a default that is parsed; write `.default(…)` with the value itself"),
  success: refusal("success", changes),
  intersection: refusal("intersection", "is not generated; write one object with `.extend(…)`", "and"),
};

/** By TypeBox's name of the kind. */
export const typeBoxRefusals: Readonly<Record<string, Refusal>> = {
  Any: refusal("Any", vague),
  Unknown: refusal("Unknown", vague),
  Never: refusal("Never", "accepts nothing; leave the field out"),
  Void: refusal("Void", "is no value; write `Type.Optional(…)` for what may be absent"),
  Undefined: refusal("Undefined", "is no value; write `Type.Optional(…)` for what may be absent"),
  Symbol: refusal("Symbol", notStored),
  Function: refusal("Function", notStored),
  Constructor: refusal("Constructor", notStored),
  Promise: refusal("Promise", notStored),
  Iterator: refusal("Iterator", notStored),
  AsyncIterator: refusal("AsyncIterator", notStored),
  Ref: refusal(
    "Ref",
    "may lead back to where it stands, and its depth would have no limit; write the levels out",
  ),
  This: refusal("Recursive", "holds itself, and its depth would have no limit; write the levels out"),
  Cyclic: refusal("Cyclic", "holds itself, and its depth would have no limit; write the levels out"),
  Import: refusal("Import", "is not generated; write the type out"),
  Intersect: refusal("Intersect", "is not generated; write one object"),
  Not: refusal("Not", "is not generated; say what the value is"),
  Unsafe: refusal("Unsafe", "has a type that its schema does not show; say what the value is"),
};

function refusal(name: string, reason: string, ...others: readonly string[]): Refusal {
  return { reason, calls: [name, ...others] };
}
