import type { BytesKind } from "./model.js";
import type { Place } from "./place.js";
import { areFine, lengthChecks, zodLengths } from "./zod-scalars.js";
import { checksOf, type ZodDefinition } from "./zod-schema.js";

/** `z.instanceof(Uint8Array)`; a check in code and any other class are refused. */
export function zodBytes(definition: ZodDefinition, place: Place): BytesKind | undefined {
  if (!isInstanceOfUint8Array(definition["fn"])) {
    place.refuse(
      "only `z.instanceof(Uint8Array)` can be generated; another class and a check in code (`custom`) cannot be stored",
      "instanceof",
      "custom",
    );
    return undefined;
  }
  const checks = checksOf(definition);
  const { minimum, maximum } = zodLengths(checks);
  const rest = checks.filter(({ check }) => !lengthChecks.has(check));
  const bounds = {
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  };
  if (!areFine(rest, bounds, [], place)) return undefined;
  return {
    type: "bytes",
    ...(minimum === undefined ? {} : { minLength: minimum }),
    ...(maximum === undefined ? {} : { maxLength: maximum }),
  };
}

/**
 * zod keeps no class, only `(data) => data instanceof cls`. Two objects without any content tell: one that inherits
 * from `Uint8Array` passes, one that inherits from what `Uint8Array` inherits from does not. A function that looks
 * at the content would fail on the first.
 */
function isInstanceOfUint8Array(check: unknown): boolean {
  if (typeof check !== "function") return false;
  const passes = (prototype: object): boolean => {
    try {
      return check(Object.create(prototype)) === true;
    } catch {
      return false;
    }
  };
  return (
    passes(Uint8Array.prototype) &&
    !passes(Object.getPrototypeOf(Uint8Array.prototype)) &&
    !passes(Object.prototype)
  );
}
