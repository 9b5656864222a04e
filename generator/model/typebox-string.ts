import { isEmptyRange } from "./bounds.js";
import type { StringKind } from "./model.js";
import type { Place } from "./place.js";
import { codedFormats, compiles, emailSource, type Pattern, toPattern } from "./string-formats.js";
import { hasOnly, type TypeBoxSchema } from "./typebox-schema.js";
import { stringKind } from "./zod-string.js";

/** A string with its lengths, pattern and format; `String`, `TemplateLiteral` and 0.34's `RegExp`. */
export function typeBoxString(schema: TypeBoxSchema, place: Place): StringKind | undefined {
  if (!hasOnly(schema, place, "minLength", "maxLength", "pattern", "format", "source", "flags"))
    return undefined;
  const format = typeof schema["format"] === "string" ? schema["format"] : undefined;
  const stated = format === undefined ? undefined : formatPattern(format);
  if (format !== undefined && stated === undefined) {
    const known = Object.keys(formatSources).join(", ");
    place.refuse(
      `the format ${JSON.stringify(format)} is not known; write its \`pattern\`, or one of these: ${known}`,
    );
    return undefined;
  }
  const pattern = patternOf(schema);
  if (pattern === null) {
    place.refuse("its pattern is no regular expression that can be generated");
    return undefined;
  }
  const lengths = {
    ...numberMember(schema, "minLength", "minimum"),
    ...numberMember(schema, "maxLength", "maximum"),
  };
  if (isEmptyRange(lengths)) {
    place.refuse("its limits leave no value");
    return undefined;
  }
  const patterns = [stated, pattern].filter((candidate) => candidate !== undefined);
  return stringKind(lengths, patterns, format);
}

/** A limit under another name, when it is given and says something. */
export function numberMember<Name extends string>(
  schema: TypeBoxSchema,
  keyword: string,
  name: Name,
): { readonly [Member in Name]?: number } {
  const value = schema[keyword];
  const isStated = typeof value === "number" && !(keyword.startsWith("min") && value <= 0);
  return isStated ? ({ [name]: value } as { readonly [Member in Name]?: number }) : {};
}

/** The same patterns that zod has for these formats; a `date-time` may have an offset. */
function formatPattern(format: string): Pattern | undefined {
  const source = Object.hasOwn(formatSources, format) ? formatSources[format] : undefined;
  return source === undefined ? undefined : toPattern(new RegExp(source));
}

function patternOf(schema: TypeBoxSchema): Pattern | null | undefined {
  const pattern = schema["pattern"] ?? schema["source"];
  if (pattern === undefined) return undefined;
  if (pattern instanceof RegExp) return toPattern(pattern) ?? null;
  const flags = typeof schema["flags"] === "string" ? schema["flags"] : "";
  if (typeof pattern !== "string" || !compiles(pattern, flags)) return null;
  return toPattern(new RegExp(pattern, flags)) ?? null;
}

const date =
  "(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))";

const formatSources: Readonly<Record<string, string>> = {
  email: emailSource,
  uuid: "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$",
  duration:
    "^P(?:(\\d+W)|(?!.*W)(?=\\d|T\\d)(\\d+Y)?(\\d+M)?(\\d+D)?(T(?=\\d)(\\d+H)?(\\d+M)?(\\d+([.,]\\d+)?S)?)?)$",
  ipv4: "^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])$",
  ipv6: "^(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,7}:|([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,5}(:[0-9a-fA-F]{1,4}){1,2}|([0-9a-fA-F]{1,4}:){1,4}(:[0-9a-fA-F]{1,4}){1,3}|([0-9a-fA-F]{1,4}:){1,3}(:[0-9a-fA-F]{1,4}){1,4}|([0-9a-fA-F]{1,4}:){1,2}(:[0-9a-fA-F]{1,4}){1,5}|[0-9a-fA-F]{1,4}:((:[0-9a-fA-F]{1,4}){1,6})|:((:[0-9a-fA-F]{1,4}){1,7}|:))$",
  hostname:
    "^(?=.{1,253}\\.?$)[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[-0-9a-zA-Z]{0,61}[0-9a-zA-Z])?)*\\.?$",
  date: `^${date}$`,
  "date-time": `^${date}T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z|([+-](?:[01]\\d|2[0-3]):[0-5]\\d)))$`,
  uri: codedFormats["url"]?.source ?? "",
};
