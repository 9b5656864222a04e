type Signs = readonly (readonly [sign: RegExp, name: string])[];

/** The first that is found counts: Edge says that it is Chrome too, and Chrome that it is Safari. */
const browsers: Signs = [
  [/Edg(?:e|A|iOS)?\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrome\/|CriOS\/|Chromium\//, "Chrome"],
  [/Safari\//, "Safari"],
  [/^curl\//, "curl"],
];

const systems: Signs = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux|X11/, "Linux"],
];

/** What a list of devices calls the sender of a `User-Agent` header: `Firefox · Linux`; empty when nothing is known. */
export function deviceLabel(userAgent: string): string {
  const parts = [firstOf(browsers, userAgent), firstOf(systems, userAgent)];
  return parts.filter((part) => part !== null).join(" · ");
}

/** Whether a label is that of something to hold in the hand. */
export function isHandheld(label: string): boolean {
  return /iPhone|iPad|Android/.test(label);
}

function firstOf(signs: Signs, userAgent: string): string | null {
  return signs.find(([sign]) => sign.test(userAgent))?.[1] ?? null;
}
