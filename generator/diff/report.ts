import type { ChangeParts, Severity, ShapeChange } from "./change.js";

/** How a report is shown. */
export interface ReportOptions {
  /** What is compared with what. */
  readonly title: string;
  readonly color: boolean;
}

/** Changes for people: the severe ones first, each with what it means at each level and what to do about it. */
export function reportChanges(changes: readonly ShapeChange[], { title, color }: ReportOptions): string {
  const paint = color ? painted : plain;
  if (changes.length === 0) return `${title}\n\n${paint.green("✓")} Nothing has changed.\n`;
  const groups = severities.flatMap(({ severity, mark, hue }) => {
    const own = changes.filter((change) => change.severity === severity);
    if (own.length === 0) return [];
    const width = Math.max(...own.map(({ field }) => field.length));
    return [
      [paint[hue](`${mark} ${severity}`), ...own.map((change) => entry(change, width, paint))].join("\n"),
    ];
  });
  const counts = severities.flatMap(({ severity, hue }) => {
    const count = changes.filter((change) => change.severity === severity).length;
    return count === 0 ? [] : [paint[hue](`${count} ${severity}`)];
  });
  return `${title}\n\n${groups.join("\n\n")}\n\n${counts.join(", ")}${verdict(changes)}\n`;
}

type Hue = "red" | "magenta" | "yellow" | "green";
type Paint = Readonly<Record<Hue | "grey" | "bold", (text: string) => string>>;

const severities: readonly { readonly severity: Severity; readonly mark: string; readonly hue: Hue }[] = [
  { severity: "breaking", mark: "✗", hue: "red" },
  { severity: "undecided", mark: "?", hue: "magenta" },
  { severity: "lossy", mark: "~", hue: "yellow" },
  { severity: "safe", mark: "✓", hue: "green" },
];

const levels: readonly { readonly part: Exclude<keyof ChangeParts, "what">; readonly label: string }[] = [
  { part: "code", label: "code" },
  { part: "records", label: "records" },
  { part: "wire", label: "wire" },
  { part: "todo", label: "to do" },
];

function entry({ field, parts }: ShapeChange, width: number, paint: Paint): string {
  const indent = " ".repeat(width + 4);
  const lines = levels.flatMap(({ part, label }) => {
    const text = parts[part];
    if (text === undefined) return [];
    const shown = (part === "todo" ? paint.bold : paint.grey)(label.padEnd(8));
    return text.split("; ").map((line, index) => `${indent}${index === 0 ? shown : " ".repeat(8)}${line}`);
  });
  return [`  ${paint.bold(field.padEnd(width))}  ${parts.what}`, ...lines].join("\n");
}

function verdict(changes: readonly ShapeChange[]): string {
  const isOpen = changes.some(({ severity }) => severity === "breaking" || severity === "undecided");
  return isOpen ? ". Nothing is generated before what is breaking or undecided is answered." : ".";
}

function sgr(code: number, end: number): (text: string) => string {
  return (text) => `\u001b[${code}m${text}\u001b[${end}m`;
}

const painted: Paint = {
  red: sgr(31, 39),
  magenta: sgr(35, 39),
  yellow: sgr(33, 39),
  green: sgr(32, 39),
  grey: sgr(90, 39),
  bold: sgr(1, 22),
};

const same = (text: string): string => text;
const plain: Paint = { red: same, magenta: same, yellow: same, green: same, grey: same, bold: same };
