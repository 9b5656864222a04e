/** What `copySessions` of the runtime tells while it works. */
export interface CopyProgress extends CopyCounts {
  readonly step: "copy" | "delete" | "verify";
  readonly pass: number;
  readonly seen: number;
  readonly after?: string;
}

/** What `copySessions` of the runtime answers. */
export interface CopyReport extends CopyCounts {
  readonly outcome: "complete" | "changing" | "stopped" | "planned";
  readonly passes: number;
  readonly sessions: number;
  readonly newer: number;
  readonly expired: number;
  readonly unreadable?: number;
  readonly verified?: {
    readonly compared: number;
    readonly different: number;
    readonly handles: readonly string[];
    readonly foreign?: number;
  };
}

interface CopyCounts {
  readonly created: number;
  readonly replaced: number;
  readonly touched: number;
  readonly deleted: number;
}

/** Whether the runtime's answer is a report. */
export function isCopyReport(value: unknown): value is CopyReport {
  return typeof value === "object" && value !== null && "outcome" in value && "sessions" in value;
}

/** One batch, in a line. */
export function describeProgress({ step, pass, seen, ...counts }: CopyProgress): string {
  const what = { copy: "copying", delete: "looking for ended sessions", verify: "comparing" }[step];
  return `pass ${pass}, ${what}: ${seen} seen; ${describeCounts(counts)}`;
}

/** The end of a copy, in a few lines. */
export function describeReport(report: CopyReport): string {
  const { outcome, sessions, newer, expired, unreadable = 0, verified } = report;
  const lines = [
    `${outcome === "planned" ? "Would be" : "Done"}: ${describeCounts(report)}.`,
    `Live sessions of the source: ${sessions}${expired > 0 ? `, and ${expired} expired, which are not copied` : ""}.`,
  ];
  if (newer > 0) lines.push(`${newer} are newer at the target and stay as they are there.`);
  if (unreadable > 0)
    lines.push(
      `${unreadable} could not be read and were copied as they are, not converted. Is a key or a former codec missing? Set the keys that both schemas name, and copy once more.`,
    );
  if (outcome === "changing")
    lines.push("The source is in use: what changed last may be missing. Stop the app and copy once more.");
  if (outcome === "stopped") lines.push("Stopped. Run the same command again to go on.");
  return [...lines, ...(verified === undefined ? [] : describeVerification(verified)), ""].join("\n");
}

function describeVerification({
  compared,
  different,
  handles,
  foreign = 0,
}: NonNullable<CopyReport["verified"]>): readonly string[] {
  const lines = [
    `Compared ${compared} sessions: ${different === 0 ? "no difference" : `${different} different`}.`,
  ];
  lines.push(...handles.map((handle) => `  ${handle}`));
  if (different > handles.length) lines.push("  …");
  if (foreign > 0) lines.push(`Live sessions that only the target has: ${foreign}.`);
  return lines;
}

function describeCounts({ created, replaced, touched, deleted }: CopyCounts): string {
  return `${created} created, ${replaced} replaced, ${touched} with another expiry, ${deleted} deleted`;
}
