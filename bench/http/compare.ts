import type { Chart, ResultRow } from "../results.js";
import { median } from "../statistics.js";
import { type Cost, collect, cost, type Measured, startMeasured } from "./measure.js";
import type { ModeName } from "./server.js";

/** What requests cost each of some servers, one figure a round. */
export type Costs = ReadonlyMap<ModeName, readonly Cost[]>;

export interface Comparison {
  readonly path: "/" | "/change";
  readonly modes: readonly ModeName[];
  /** Of the server that keeps the sessions; not used by modes that keep them elsewhere. */
  readonly url: string;
  readonly rounds: number;
  /** A round. */
  readonly requests: number;
  /** Of the Node that the servers run in; this process's when left out. */
  readonly execPath?: string;
  readonly takesCookies?: boolean;
}

/** Used in turn by the requests, unless a mode has more. */
export const sessions = 1000;

/** How many of each mode, one after the other: V8 optimises one process in three worse than the others, for as long as it lives. */
export const processes = 3;

/** Measures some modes in turn, round by round, so many rounds in each of some processes. */
export async function compare({ rounds, ...comparison }: Comparison): Promise<Costs> {
  const costs = new Map(comparison.modes.map((mode): [ModeName, Cost[]] => [mode, []]));
  for (let left = processes; left > 0; left -= 1) {
    const measured = await compareOnce({ ...comparison, rounds: Math.ceil(rounds / processes) });
    for (const [mode, found] of measured) costs.get(mode)?.push(...found);
  }
  return costs;
}

/**
 * In one process of each mode. The first two rounds only warm up; between them every server collects its garbage, as
 * each does sooner or later: what that leaves Node with is the same for all.
 */
async function compareOnce({
  modes,
  url,
  rounds,
  requests,
  execPath,
  ...sending
}: Comparison): Promise<Costs> {
  const servers: Measured[] = [];
  for (const mode of modes) servers.push(await startMeasured(mode, url, sessions, execPath));
  const costs = new Map(modes.map((mode): [ModeName, Cost[]] => [mode, []]));
  for (let round = -2; round < rounds; round += 1) {
    servers.push(...servers.splice(0, 1));
    for (const server of servers) {
      // What is not compiled yet is not counted.
      const measured = await cost(server, { ...sending, requests: round < 0 ? 3 * requests : requests });
      if (round >= 0) costs.get(server.mode)?.push(measured);
      else if (round === -2 && !isYoung(server.mode)) await collect(server);
    }
  }
  for (const server of servers) server.process.kill();
  return costs;
}

function isYoung(mode: ModeName): boolean {
  return mode === "handler without sessions, before a full collection";
}

/** What a row says besides what was measured. */
export type Claim = Omit<ResultRow, "what" | "against" | "values" | "note">;

/** How many times as much the other one takes as ours. */
export function row(costs: Costs, ours: ModeName, other: ModeName, claim: Claim): ResultRow {
  const theirs = costs.get(other) ?? [];
  const values = (costs.get(ours) ?? []).map(
    ({ microseconds }, round) => (theirs[round]?.microseconds ?? Number.NaN) / microseconds,
  );
  return { ...claim, what: ours, against: other, values, note: note(costs, ours, other) };
}

/** How much one mode adds to what a handler without sessions takes, of what another one adds. */
export function addedRow(
  costs: Costs,
  [bare, ours, other]: readonly [ModeName, ModeName, ModeName],
  claim: Claim,
): ResultRow {
  const added = (mode: ModeName, without: Cost, round: number): number =>
    (costs.get(mode)?.[round]?.microseconds ?? Number.NaN) - without.microseconds;
  const all = costs.get(bare) ?? [];
  const values = all.map((without, round) => added(ours, without, round) / added(other, without, round));
  const more = (mode: ModeName): string => {
    const microseconds = median(all.map((without, round) => added(mode, without, round)));
    return `${microseconds.toFixed(0)} µs more, ${throughputOf(costs.get(mode) ?? [])}`;
  };
  return {
    ...{ better: "less", ...claim, values, note: `${more(ours)}; ${more(other)}` },
    ...{ what: `${ours}, above ${bare}`, against: `${other}, above ${bare}` },
  };
}

/** What one mode takes by itself. */
export function costRow(costs: Costs, mode: ModeName, claim: Claim = {}): ResultRow {
  const list = costs.get(mode) ?? [];
  return {
    ...{ ...claim, what: mode, against: "", note: throughputOf(list) },
    ...{ values: list.map(({ microseconds }) => microseconds), unit: "µs", digits: 1, better: "less" },
  };
}

/** Processor time and throughput of some modes, parted by semicolons. */
function note(costs: Costs, ...modes: readonly ModeName[]): string {
  return modes
    .map((mode) => {
      const list = costs.get(mode) ?? [];
      return `${microsecondsOf(list).toFixed(0)} µs, ${throughputOf(list)}`;
    })
    .join("; ");
}

function throughputOf(list: readonly Cost[]): string {
  return `${median(list.map(({ throughput }) => throughput)).toFixed(0)}/s`;
}

/** The processor time of all that was compared, as a picture. */
export function chartOf(costs: Costs, chart: Omit<Chart, "unit" | "bars">): Chart {
  const bars = [...costs].map(([label, list]) => ({
    label,
    value: Number(microsecondsOf(list).toPrecision(3)),
    isOurs: /\bours\b/.test(label),
  }));
  return { ...chart, unit: "µs", bars };
}

function microsecondsOf(list: readonly Cost[]): number {
  return median(list.map(({ microseconds }) => microseconds));
}
