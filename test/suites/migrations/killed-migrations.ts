import { expect, onTestFinished } from "vitest";
import type { DialectName } from "../../../generator/migrate/location.js";
import type { TestProject } from "../../generator/commands/project.js";
import { processScript } from "../faults/child.js";
import {
  type EvolvedTable,
  evolvedSchema,
  openEvolvedTable,
  type Present,
  sessionCount,
  steps,
  type TableStage,
} from "./evolved-table.js";
import { type Death, type Runner, runUntilDeath } from "./killed-runner.js";

/** A way through the steps, on which runners are killed, and what is run then. */
export interface Way {
  readonly from: TableStage;
  readonly killed: readonly string[];
  readonly next: readonly string[];
  readonly to: TableStage;
}

const [first] = steps;
const up = ["up", "--contract"];
const back = ["to", first];

/** Through and again, and through and back, in both directions. */
export const ways: readonly [Way, ...Way[]] = [
  { from: "first", killed: up, next: up, to: "last" },
  { from: "last", killed: back, next: back, to: "first" },
  { from: "empty", killed: ["up"], next: up, to: "last" },
  { from: "first", killed: up, next: back, to: "first" },
  { from: "last", killed: back, next: up, to: "last" },
  { from: "last", killed: ["down"], next: back, to: "first" },
];

/** A database in which runners are killed. */
export interface KilledMigrations {
  /** How many statements one runner sends that nobody kills. */
  statementsOf(way: Way): Promise<number>;
  /** Runners at once, each with its death, and then one that lives: everything is as if nothing had happened. */
  survive(way: Way, deaths: readonly Death[]): Promise<void>;
}

const drivers = { sqlite: "better-sqlite3", postgres: "pg", mysql: "mysql2" } as const;

export async function openKilledMigrations(
  project: TestProject,
  dialect: DialectName,
  url: string,
): Promise<KilledMigrations> {
  // The steps are the same in every database.
  project.write("session.schema.ts", evolvedSchema(dialect));
  const table = await openEvolvedTable(project, dialect, url);
  onTestFinished(() => table.close());
  const script = processScript("die-at-statement.ts");
  const runner = (words: readonly string[]): Runner => ({
    script,
    driver: drivers[dialect],
    folder: project.folder,
    words: ["migrate", ...words, "--url", url],
  });
  const stages = new Map<TableStage, Present>();
  const expected = async (stage: TableStage): Promise<Present> => {
    const known = stages.get(stage) ?? (await look(table, stage));
    stages.set(stage, known);
    return known;
  };
  return {
    statementsOf: async ({ from, killed }) => {
      await table.prepare(from);
      const { end, log, statements } = await runUntilDeath(runner(killed), never);
      expect(isAlive(end, log), log).toBe(true);
      return statements;
    },
    survive: async (way, deaths) => {
      const aim = await expected(way.to);
      const whole = await expected("last");
      await table.prepare(way.from);
      const ends = await Promise.all(deaths.map((death) => runUntilDeath(runner(way.killed), death)));
      const told = JSON.stringify({ way, deaths, ends }, null, 1);
      for (const { end, log } of ends) expect(end === "SIGKILL" || isAlive(end, log), told).toBe(true);
      // What is said to be there in between is there.
      const applied = await table.applied();
      if (applied.length === steps.length) expect((await table.read()).catalog, told).toEqual(whole.catalog);
      // In a process of its own: each command leaves a loader behind, which would make every later one slower.
      const { end, log } = await runUntilDeath(runner(way.next), never);
      expect(end, `${told}\n${log}`).toBe(0);
      expect(log, told).not.toContain("not done");
      const present = await table.read();
      expect(present.catalog, told).toEqual(aim.catalog);
      expect(present.sessions, told).toEqual(way.from === "empty" ? [] : aim.sessions);
      expect(await table.applied(), told).toEqual(way.to === "last" ? [...steps] : [first]);
    },
  };
}

/** Without --contract a step waits for one that is left out, which is said. */
function isAlive(end: number | string, log: string): boolean {
  return end === 0 || (end === 1 && log.includes("blocked"));
}

const never: Death = { at: 0, moment: "before" };

async function look(table: EvolvedTable, stage: TableStage): Promise<Present> {
  await table.prepare(stage);
  const present = await table.read();
  expect(present.sessions).toHaveLength(stage === "empty" ? 0 : sessionCount);
  return present;
}
