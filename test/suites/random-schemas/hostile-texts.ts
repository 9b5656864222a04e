import type { Draw } from "./draw.js";

/** Texts of a form, and what both libraries call it. */
export interface Format {
  readonly zod: string;
  readonly typeBox: string;
  readonly examples: readonly string[];
}

export const formats: readonly Format[] = [
  { zod: "z.email()", typeBox: '{ format: "email" }', examples: ["ada@example.org"] },
  { zod: "z.ipv4()", typeBox: '{ format: "ipv4" }', examples: ["127.0.0.1"] },
  pattern("^[a-z]+$", ["a", "leaf"]),
  pattern("^\\d{3}-\\d{2}$", ["123-45"]),
  pattern("^[\"'\\\\/`$]+$", ['"', "\\", "'/`$"]),
  pattern("^(?:</script>|\\*/)$", ["</script>", "*/"]),
];

/** TypeBox knows keys by a pattern only. */
export const keyFormats: readonly Format[] = formats.filter(({ typeBox }) => typeBox.includes("pattern"));

function pattern(source: string, examples: readonly string[]): Format {
  return {
    zod: `z.string().regex(new RegExp(${JSON.stringify(source)}))`,
    typeBox: `{ pattern: ${JSON.stringify(source)} }`,
    examples,
  };
}

/** Text of the Basic Multilingual Plane: beyond it zod counts lengths in another way than a person does. */
export function drawText(draw: Draw): string {
  if (draw.chance(0.3)) return draw.times(1, 2, () => draw.pick(pieces)).join("");
  return draw.times(0, 8, () => String.fromCharCode(draw.between(97, 122))).join("");
}

/** What ends strings, comments, templates, scripts and lines. */
const pieces: readonly string[] = [
  ...[
    '"',
    "'",
    "`",
    "\\",
    "\\\\u0041",
    "*/",
    "/*",
    "//",
    "$\u007b",
    "</script>",
    "<!--",
    "\n",
    "\r",
    "\u2028",
    "\u2029",
  ],
  ...[
    "\0",
    "\t",
    " ",
    "名前",
    "é",
    "{",
    "}",
    "[",
    "]",
    ";",
    ",",
    ":",
    "~",
    "~1",
    "/",
    "%s",
    "#",
    "$&",
    "$1",
    "0",
  ],
];

/** What a member of an object may be called: anything. */
export function drawMemberName(draw: Draw): string {
  if (draw.chance(0.004)) return "__proto__";
  if (draw.chance(0.1)) return draw.pick(refusedFieldNames);
  return drawFieldName(draw);
}

/** What a field may be called, for all that is promised. */
export function drawFieldName(draw: Draw): string {
  const name = draw.chance(0.4) ? draw.pick(hostileNames) : plainName(draw);
  if (draw.chance(0.15)) return `${name}${drawText(draw)}`;
  return draw.chance(0.1) ? name.toUpperCase() : name;
}

function plainName(draw: Draw): string {
  return `f${draw.times(1, 3, () => draw.pick(["a", "Name", "b", "_c", "9"])).join("")}`;
}

const hostileNames: readonly string[] = [
  ...[
    "class",
    "default",
    "await",
    "yield",
    "let",
    "static",
    "async",
    "arguments",
    "eval",
    "undefined",
    "NaN",
    "null",
  ],
  ...[
    "enum",
    "interface",
    "type",
    "function",
    "new",
    "this",
    "super",
    "import",
    "export",
    "name",
    "length",
    "value",
  ],
  ...[
    "prototype",
    "data",
    "session",
    "Session",
    "SessionData",
    "Record",
    "Date",
    "Uint8Array",
    "Object",
    "Array",
  ],
  ...[
    "名前",
    "odd-name",
    "with space",
    'quo"te',
    "quo'te",
    "back\\slash",
    "a*/b",
    "a$\u007bb}",
    "line\u2028end",
    "new\nline",
  ],
  ...[
    "0",
    "1",
    "-1",
    "1e3",
    "a.b",
    "a/b",
    "a~b",
    "#",
    "@",
    "x".repeat(300),
    "xX",
    "Xx",
    "é",
    "e\u0301",
    "ﬀ",
    "ſ",
    "K",
  ],
];

/** What a field may not be called. */
export const refusedFieldNames: readonly string[] = [
  ...["constructor", "toString", "hasOwnProperty", "valueOf", "then", "save", "key", "_a", "$a", ""],
];

/** A doc comment, or none. */
export function drawDoc(draw: Draw): string | undefined {
  if (draw.chance(0.6)) return undefined;
  return `Is ${draw.times(1, 3, () => draw.pick([...pieces, "a word", "@deprecated", "@ts-ignore", "{@link x}"])).join(" ")}.`;
}
