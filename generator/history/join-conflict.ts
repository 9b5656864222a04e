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
  };
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
