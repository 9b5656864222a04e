import type { StringKind } from "./model.js";
import type { Place } from "./place.js";
import { codedFormats, jsonSchemaNames, type Pattern, toPattern } from "./string-formats.js";
import { areFine, lengthChecks, zodLengths } from "./zod-scalars.js";
import { checksOf, type ZodCheck, type ZodDefinition } from "./zod-schema.js";

/** A string with its lengths, patterns and formats. */
export function zodString(definition: ZodDefinition, place: Place): StringKind | undefined {
  const checks = checksOf(definition);
  const formats = checks.filter(({ check }) => check === "string_format");
  const patterns = formats.map((check) => patternOf(check, place));
  const bounds = zodLengths(checks);
  const rest = checks.filter(({ check }) => check !== "string_format" && !lengthChecks.has(check));
  const isFine = areFine(rest, bounds, [], place);
  const known = patterns.filter((pattern) => pattern !== undefined);
  if (!isFine || known.length < patterns.length) return undefined;
  return stringKind(
    bounds,
    known,
    formats.map(jsonSchemaName).find((name) => name !== undefined),
  );
}

/** A string that a template literal builds: one pattern. */
export function zodTemplate(pattern: unknown, place: Place): StringKind | undefined {
  const known = pattern instanceof RegExp ? toPattern(pattern) : undefined;
  if (known === undefined)
    place.refuse("this template literal has no pattern; write `.regex(…)`", "templateLiteral");
  return known && stringKind({}, [known], undefined);
}

/** One string kind in one form, whichever library states it; patterns said twice are said once. */
export function stringKind(
  lengths: { readonly minimum?: number; readonly maximum?: number },
  patterns: readonly Pattern[],
  format: string | undefined,
): StringKind {
  const unique = [
    ...new Map(patterns.map((pattern) => [`/${pattern.source}/${pattern.flags}`, pattern])).values(),
  ];
  return {
    type: "string",
    ...(lengths.minimum === undefined ? {} : { minLength: lengths.minimum }),
    ...(lengths.maximum === undefined ? {} : { maxLength: lengths.maximum }),
    ...(unique.length === 0 ? {} : { patterns: unique }),
    ...(format === undefined ? {} : { format }),
  };
}

function patternOf(check: ZodCheck, place: Place): Pattern | undefined {
  const name = typeof check["format"] === "string" ? check["format"] : "format";
  if (name === "url") return urlPattern(check, place);
  if (name === "jwt" && check["alg"]) {
    place.refuse("`alg` of a JWT cannot be checked by a pattern; leave it out, or check it in the app", name);
    return undefined;
  }
  const coded = codedFormats[name];
  if (coded) return toPattern(new RegExp(coded.source));
  const pattern = check["pattern"] instanceof RegExp ? toPattern(check["pattern"]) : undefined;
  if (pattern) return pattern;
  const reason = "is a format in code, which a generated validator cannot hold; write its pattern";
  place.refuse(
    check["pattern"] ? "a sticky pattern cannot be generated; leave out its flag y" : `\`${name}\` ${reason}`,
    name,
    "stringFormat",
    "regex",
  );
  return undefined;
}

function urlPattern(check: ZodCheck, place: Place): Pattern | undefined {
  const { protocol, hostname, normalize } = check;
  if (normalize)
    place.refuse("`normalize` changes the value while it is checked; change it in the app", "url");
  const isWeb = protocol instanceof RegExp && protocol.source === "^https?$" && hostname instanceof RegExp;
  if (!isWeb && (protocol || hostname)) {
    place.refuse(
      "`url` with a protocol or hostname of its own cannot be generated; write `z.httpUrl()` or a `regex`",
      "url",
    );
  }
  const format = codedFormats[isWeb ? "httpUrl" : "url"];
  return normalize || (!isWeb && (protocol || hostname)) || !format
    ? undefined
    : toPattern(new RegExp(format.source));
}

/** JSON Schema's `date-time` has an offset and seconds, so a local time is none. */
function jsonSchemaName({ format, local }: ZodCheck): string | undefined {
  return typeof format === "string" && local !== true ? jsonSchemaNames[format] : undefined;
}
