import { type ModelFile, parseModelFile, type UnreadableModelFile } from "./model-file.js";

/** Reads a model file's text, both sides of it where git has left a conflict; the versions of the first side come first. */
export function joinConflict(text: string): ModelFile | UnreadableModelFile {
  const [ours, theirs] = sidesOf(text).map(parseModelFile);
  if (ours === undefined || theirs === undefined) return { problem: "not a model file" };
  if (!("versions" in ours)) return ours;
  return "versions" in theirs ? joinFiles(ours, theirs) : theirs;
}

function joinFiles(ours: ModelFile, theirs: ModelFile): ModelFile {
  const known = new Set(ours.versions.map(({ hash }) => hash));
  const codecs = [...new Set([ours, theirs].flatMap((file) => file.codecs ?? ["json"]))];
  return {
    versions: [...ours.versions, ...theirs.versions.filter(({ hash }) => !known.has(hash))],
    ...(codecs.join() !== "json" && { codecs }),
    ...joinReserved(ours.reserved, theirs.reserved),
    ...joinStored(ours.stored, theirs.stored),
  };
}

function joinReserved(
  ours: ModelFile["reserved"] = {},
  theirs: ModelFile["reserved"] = {},
): Pick<ModelFile, "reserved"> {
  const scopes = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].sort();
  const reserved = scopes.map((scope): [string, number[]] => {
    const numbers = new Set([...(ours[scope] ?? []), ...(theirs[scope] ?? [])]);
    return [scope, [...numbers].sort((left, right) => left - right)];
  });
  return scopes.length === 0 ? {} : { reserved: Object.fromEntries(reserved) };
}

/** Where both sides gave a number, ours is believed, as it is among the versions. */
function joinStored(
  ours: ModelFile["stored"] = {},
  theirs: ModelFile["stored"] = {},
): Pick<ModelFile, "stored"> {
  const scopes = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].sort();
  const stored = scopes.map((scope) => [scope, { ...theirs[scope], ...ours[scope] }] as const);
  return scopes.length === 0 ? {} : { stored: Object.fromEntries(stored) };
}

/** The text as each side has it; what both had before stands between `|||||||` and `=======` in some, and is left out. */
function sidesOf(text: string): readonly [string, string] {
  const sides: [string[], string[]] = [[], []];
  let side: "both" | "ours" | "base" | "theirs" = "both";
  for (const line of text.split(/\r?\n/)) {
    if (/^<{7}(?: |$)/.test(line)) side = "ours";
    else if (/^\|{7}(?: |$)/.test(line)) side = "base";
    else if (/^={7}$/.test(line)) side = "theirs";
    else if (/^>{7}(?: |$)/.test(line)) side = "both";
    else {
      if (side === "ours" || side === "both") sides[0].push(line);
      if (side === "theirs" || side === "both") sides[1].push(line);
    }
  }
  return [sides[0].join("\n"), sides[1].join("\n")];
}
