import { escapeText, fontFamily, textColour } from "./svg.js";

/** Some values of one kind. */
export interface BarChart {
  readonly title: string;
  readonly unit: string;
  readonly bars: readonly { readonly label: string; readonly value: number; readonly isOurs: boolean }[];
}

const width = 800;
const labelWidth = 360;
const valueWidth = 110;
const rowHeight = 28;
const barHeight = 18;
const headHeight = 40;

const ourColour = "#2da44e";
const otherColour = "#8b949e";

/** An SVG of horizontal bars, from 0; the same bytes for the same values. */
export function toBarChart({ title, unit, bars }: BarChart): string {
  const height = headHeight + bars.length * rowHeight + 8;
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const rows = bars.map(({ label, value, isOurs }, index) => {
    const top = headHeight + index * rowHeight;
    const length = Math.max(1, Math.round((value / most) * (width - labelWidth - valueWidth)));
    const baseline = top + 14;
    const weight = isOurs ? ' font-weight="600"' : "";
    return [
      `<text x="${labelWidth - 10}" y="${baseline}" text-anchor="end"${weight}>${escapeText(label)}</text>`,
      `<rect x="${labelWidth}" y="${top}" width="${length}" height="${barHeight}" rx="2" fill="${isOurs ? ourColour : otherColour}"/>`,
      `<text x="${labelWidth + length + 8}" y="${baseline}"${weight}>${toText(value)} ${escapeText(unit)}</text>`,
    ].join("\n");
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="${fontFamily}" font-size="13" fill="${textColour}">
<title>${escapeText(title)}</title>
<text x="0" y="18" font-size="14" font-weight="600">${escapeText(title)}</text>
${rows.join("\n")}
</svg>
`;
}

/** Three digits, and no exponent. */
function toText(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
