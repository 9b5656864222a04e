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

/** A browser and the system it runs on: what is worth keeping of a `User-Agent` header. */
export interface Device {
  readonly browser: string | null;
  readonly system: string | null;
}

/** Reads a `User-Agent` header. */
export function readDevice(userAgent: string): Device {
  return { browser: firstOf(browsers, userAgent), system: firstOf(systems, userAgent) };
}

/** `Firefox · Linux`, for a list of devices; empty when nothing is known. */
export function deviceLabel(userAgent: string): string {
  const { browser, system } = readDevice(userAgent);
  return [browser, system].filter((part) => part !== null).join(" · ");
}

/** Whether a label is that of something to hold in the hand. */
export function isHandheld(label: string): boolean {
  return /iPhone|iPad|Android/.test(label);
}

function firstOf(signs: Signs, userAgent: string): string | null {
  return signs.find(([sign]) => sign.test(userAgent))?.[1] ?? null;
}
