import { type Html, html } from "../html.js";

export type Point = readonly [x: number, y: number];

/** A leaf that grows from a point; degrees from upright, clockwise. */
export interface Leaf {
  readonly at: Point;
  readonly length: number;
  /** From its middle to its edge. */
  readonly width: number;
  readonly angle: number;
  readonly className: string;
}

export function leaf({ at: [x, y], length, width, angle, className }: Leaf): Html {
  const low = -length * 0.3;
  const high = -length * 0.75;
  const outline = `M0 0C${width} ${low} ${width} ${high} 0 ${-length}C${-width} ${high} ${-width} ${low} 0 0Z`;
  return html`<path class="${className}" d="${round(outline)}" transform="translate(${short(x)} ${short(y)}) rotate(${short(angle)})"/>`;
}

/** A bent stem from the pot to a leaf. */
export function stem([fromX, fromY]: Point, [x, y]: Point): Html {
  return html`<path class="stem" d="M${fromX} ${fromY}Q${fromX} ${(fromY + y) / 2} ${x} ${y}"/>`;
}

export function pot(form: "round" | "straight"): Html {
  return form === "round"
    ? html`<path class="pot" d="M64 142h72l-5 34c-1 9-8 14-16 14H85c-8 0-15-5-16-14Z"/><path class="rim" d="M60 136h80v14H60Z"/>`
    : html`<path class="pot" d="M66 144h68l-8 46H74Z"/><path class="rim" d="M60 136h80v14H60Z"/>`;
}

/** Points along a stem that bends over as it grows; `lean` in degrees from upright, `share` from 0 to 1. */
export function arc(
  [startX, startY]: Point,
  lean: number,
  steps: number,
): readonly { readonly x: number; readonly y: number; readonly angle: number; readonly share: number }[] {
  let [x, y] = [startX, startY];
  const step = 118 / steps;
  return Array.from({ length: steps }, (_, index) => {
    const share = index / (steps - 1);
    const angle = lean * (0.35 + share * 1.05);
    const radians = (angle * Math.PI) / 180;
    x += Math.sin(radians) * step;
    y -= Math.cos(radians) * step;
    return { x, y, angle, share };
  });
}

function round(path: string): string {
  return path.replace(/\d+\.\d+/g, (number) => String(short(Number(number))));
}

function short(value: number): number {
  return Math.round(value * 10) / 10;
}
