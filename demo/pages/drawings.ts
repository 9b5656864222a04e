import { type Html, html } from "../html.js";
import { arc, leaf, type Point, pot, stem } from "./drawing-parts.js";

/** The picture of a product; an empty pot for a number that has none. */
export function drawPlant(sku: string): Html {
  const draw = Object.hasOwn(plants, sku) ? plants[sku] : undefined;
  return html`<svg class="plant" viewBox="0 0 200 200" aria-hidden="true">${draw?.() ?? pot("round")}</svg>`;
}

const plants: Readonly<Record<string, () => Html>> = {
  monstera: () => html`
${[
  [62, 62],
  [140, 58],
  [100, 40],
  [44, 108],
  [156, 106],
].map(([x = 0, y = 0]) => stem([100, 148], [x, y]))}
${monsteraLeaf([100, 46], 1, 0)}${monsteraLeaf([60, 70], 0.86, -52)}${monsteraLeaf([142, 66], 0.9, 48)}
${monsteraLeaf([46, 112], 0.7, -78)}${monsteraLeaf([156, 110], 0.72, 80)}
${pot("round")}`,

  "snake-plant": () => html`
${[
  [-22, 96, 74],
  [20, 104, 82],
  [-9, 124, 95],
  [10, 116, 108],
  [1, 138, 100],
].map(([angle = 0, length = 0, x = 0]) =>
  leaf({ at: [x, 152], length, width: 13, angle, className: "leaf edged" }),
)}
${pot("straight")}`,

  pilea: () => html`
${pileaLeaves.map(([x, y]) => stem([100, 150], [x, y]))}
${pileaLeaves.map(([x, y, size], index) => html`<circle class="${shade(index)}" cx="${x}" cy="${y}" r="${size}"/><circle class="dot" cx="${x}" cy="${y - 1}" r="1.8"/>`)}
${pot("round")}`,

  cactus: () => html`
<path class="leaf" d="M60 112V84a9 9 0 0 1 18 0v20a8 8 0 0 0 8 6v18H76a16 16 0 0 1-16-16Z"/>
<path class="leaf" d="M142 96V70a9 9 0 0 0-18 0v18a8 8 0 0 1-8 6v18h10a16 16 0 0 0 16-16Z"/>
<rect class="leaf deep" x="80" y="34" width="40" height="124" rx="20"/>
<path class="rib" d="M92 46v106M100 42v110M108 46v106M69 84v26M133 70v26"/>
${[-40, -14, 14, 40].map((angle) => leaf({ at: [100, 38], length: 17, width: 5, angle, className: "bloom" }))}
${pot("straight")}`,

  fern: () => html`
${[-76, 76, -40, 40, 0].map((lean, index) => frond(lean, shade(index)))}
${pot("round")}`,

  pearls: () => html`
<path class="rope" d="M62 62 100 8l38 54"/>
${[
  [-36, 82],
  [-24, 104],
  [-10, 88],
  [6, 114],
  [20, 92],
  [34, 106],
].map(([x = 0, length = 0], index) => beads(100 + x, length, shade(index)))}
<path class="pot" d="M58 62h84c0 30-16 44-42 44s-42-14-42-44Z"/>
${[64, 76, 88, 100, 112, 124, 136].map((x, index) => html`<circle class="${shade(index)}" cx="${x}" cy="${60 + (index % 2) * 5}" r="7.5"/>`)}`,

  aloe: () => html`
${[-70, 70, -46, 46, -22, 24, 0].map((angle, index) =>
  leaf({
    at: [100, 152],
    length: 122 - Math.abs(angle) * 0.55,
    width: 15,
    angle,
    className: shade(index >> 1),
  }),
)}
${pot("straight")}`,

  "rubber-plant": () => html`
<path class="trunk" d="M100 152C102 110 96 70 100 34"/>
${[130, 108, 86, 64].map(
  (y, index) => html`
${leaf({ at: [100, y], length: 58 - index * 4, width: 17, angle: -66 + index * 6, className: "leaf deep shiny" })}
${leaf({ at: [100, y - 9], length: 56 - index * 4, width: 17, angle: 64 - index * 6, className: "leaf shiny" })}`,
)}
${leaf({ at: [100, 50], length: 42, width: 12, angle: 4, className: "leaf deep shiny" })}
${pot("round")}`,
};

const pileaLeaves: readonly (readonly [x: number, y: number, size: number])[] = [
  [52, 96, 20],
  [148, 92, 21],
  [70, 58, 21],
  [130, 52, 20],
  [100, 34, 19],
  [38, 132, 15],
  [162, 128, 16],
  [84, 98, 19],
  [116, 92, 21],
  [102, 66, 17],
  [98, 124, 16],
];

function shade(index: number): string {
  return index % 2 === 0 ? "leaf" : "leaf deep";
}

/** A heart with slits between its ribs. */
function monsteraLeaf([x, y]: Point, scale: number, angle: number): Html {
  return html`<g transform="translate(${x} ${y}) rotate(${angle}) scale(${scale})">
<path class="leaf" d="M0 14C-16 28-40 14-36-12-33-30-14-36 0-44 14-36 33-30 36-12 40 14 16 28 0 14Z"/>
<path class="slit" d="M-38-6-16-2M-35-20-14-13M-32 10-16 8M38-6 16-2M35-20 14-13M32 10 16 8"/>
<path class="vein" d="M0 14V-38"/></g>`;
}

/** An arching stem with a pair of leaflets at every step. */
function frond(lean: number, className: string): Html {
  const points = arc([100, 148], lean, 14);
  const leaflets = points.slice(2).map(({ x, y, angle, share }) => {
    const length = 25 * (1 - share * 0.72);
    return [-52, 52].map((turn) => leaf({ at: [x, y], length, width: 3.6, angle: angle + turn, className }));
  });
  const line = points.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");
  return html`${leaflets}<path class="vein" d="M100 148L${line}"/>`;
}

function beads(x: number, length: number, className: string): Html {
  const count = Math.floor(length / 11);
  return html`<path class="stem" d="M${x} 64v${length}"/>${Array.from(
    { length: count },
    (_, index) =>
      html`<circle class="${className}" cx="${x + (index % 2 === 0 ? -3 : 3)}" cy="${84 + index * 11}" r="${6.6 - index * 0.25}"/>`,
  )}`;
}
