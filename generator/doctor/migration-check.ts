import type { CommandContext } from "../command.js";
import { migrateCommand } from "../commands/migrate.js";
import { databaseOf } from "../model/backend-places.js";
import type { Settings } from "../model/model.js";
import { type Finding, findingsOf } from "./finding.js";

/** Whether every migration has run, as `migrate status` says it; nothing where there is no database. */
export async function checkMigrations(
  schemaFile: string,
  settings: Settings,
  { cwd }: CommandContext,
): Promise<readonly Finding[]> {
  if (databaseOf(settings.backend) === undefined) return [];
  const { ok, fix } = findingsOf("migrations");
  const printed: string[] = [];
  const context = { cwd, color: false, log: () => {}, print: (text: string) => void printed.push(text) };
  await migrateCommand.run(context, { schema: schemaFile, json: true }, ["status"]);
  const states = statesIn(JSON.parse(printed.join("")));
  const pending = states.filter(({ applied }) => !applied).map(({ name }) => name);
  if (pending.length === 0) return [ok(`${states.length} applied`)];
  return [fix(`${pending.length} pending, from ${pending[0]} on. Run session-gen migrate up`)];
}

interface State {
  readonly name: string;
  readonly applied: boolean;
}

function statesIn(report: unknown): readonly State[] {
  const states =
    typeof report === "object" && report !== null && "migrations" in report ? report.migrations : [];
  return Array.isArray(states) ? states.filter(isState) : [];
}

function isState(value: unknown): value is State {
  return typeof value === "object" && value !== null && "name" in value && "applied" in value;
}
