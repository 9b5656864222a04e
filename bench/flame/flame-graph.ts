import { escapeText, fontFamily, textColour } from "../svg.js";
import type { Frame } from "./frames.js";
import { type Room, rooms } from "./rooms.js";

/** Frames below what called them, each as wide as its time. */
export interface FlameGraph {
  readonly title: string;
  readonly frames: readonly Frame[];
}

const width = 1000;
const rowHeight = 20;
const headHeight = 64;
const fontSize = 11;
/** Of a letter, at most. */
const letterWidth = 6.2;

/** Dark enough for white letters. */
const colours: Readonly<Record<Room, string>> = {
  session: "#1a7f37",
  driver: "#0969da",
  framework: "#59636e",
  collector: "#9a6700",
  native: "#8250df",
};

/** An SVG with callers above what they called; the same bytes for the same frames. */
export function toFlameGraph({ title, frames }: FlameGraph): string {
  const depth = Math.max(...frames.map(([at]) => at));
  const height = headHeight + (depth + 1) * rowHeight + 8;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="${fontFamily}" font-size="${fontSize}" fill="${textColour}">
<title>${escapeText(title)}</title>
<text x="0" y="18" font-size="14" font-weight="600">${escapeText(title)}</text>
${legend()}
${boxes(frames).join("\n")}
</svg>
`;
}

function legend(): string {
  let left = 0;
  const places = Object.entries(rooms).map(([room, label]) => {
    const square = `<rect x="${left}" y="34" width="12" height="12" rx="2" fill="${colours[room as Room]}"/>`;
    const text = `<text x="${left + 18}" y="44">${escapeText(label)}</text>`;
    left += Math.round(label.length * letterWidth) + 40;
    return square + text;
  });
  return places.join("\n");
}

/** Each frame begins where the one before it at its depth ended, or where its caller begins. */
function boxes(frames: readonly Frame[]): readonly string[] {
  const ends: number[] = [];
  return frames.map(([depth, room, name, share]) => {
    const left = ends[depth] ?? 0;
    ends[depth] = left + share;
    ends[depth + 1] = left;
    const [x, y] = [toPixels(left), headHeight + depth * rowHeight];
    const label = `${name} ${share.toFixed(1)} %`;
    const letters = Math.floor((toPixels(share) - 8) / letterWidth);
    const text = letters >= label.length ? label : shortened(name, letters);
    const box = `<rect x="${x}" y="${y}" width="${Math.max(0.5, toPixels(share) - 1)}" height="${rowHeight - 1}" rx="2" fill="${colours[room]}"/>`;
    const written = text && `<text x="${x + 4}" y="${y + 13}" fill="#fff">${escapeText(text)}</text>`;
    return `<g><title>${escapeText(label)}</title>${box}${written}</g>`;
  });
}

/** So many letters of a name; nothing where that says nothing. */
function shortened(name: string, letters: number): string {
  if (letters >= name.length) return name;
  return letters < 5 ? "" : `${name.slice(0, letters - 1)}…`;
}

/** In tenths. */
function toPixels(share: number): number {
  return Math.round((share / 100) * width * 10) / 10;
}
