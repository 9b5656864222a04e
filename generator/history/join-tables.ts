import type { TableHistory, TableMigration } from "./model-file.js";

/**
 * The tables of several heads as one: the migrations of the first, then those that only others have, with numbers
 * after all that are taken. What two heads did alike is one migration.
 */
export function joinTables(
  tables: readonly (TableHistory | undefined)[],
  migrationNames: readonly string[],
): TableHistory | undefined {
  const [first, ...others] = tables.filter((table) => table !== undefined);
  if (first === undefined) return undefined;
  let migrations = first.migrations;
  let highest = highestOf(migrations.map(({ name }) => name));
  const last = highestOf([
    ...migrationNames,
    ...tables.flatMap((table) => table?.migrations.map(({ name }) => name) ?? []),
  ]);
  let next = last;
  const absorb = (same: TableMigration | undefined, step: TableMigration): void => {
    if (same === undefined || same.name === step.name) return;
    migrations = migrations.map((known) => (known === same ? withFormer(known, step) : known));
  };
  for (const step of others.flatMap(({ migrations: [create, ...steps] }) => {
    // Each of them begins with the table as a whole.
    if (create !== undefined) absorb(migrations[0], create);
    return steps;
  })) {
    if (migrations.some((known) => known.name === step.name)) continue;
    const same = migrations.find((known) => doesAll(known, step) || renamesTheSame(known, step));
    if (same !== undefined) {
      absorb(same, step);
      continue;
    }
    const isAfter = numberOf(step.name) > highest;
    const name = isAfter ? step.name : `${String(++next).padStart(4, "0")}${step.name.slice(4)}`;
    highest = Math.max(highest, numberOf(name));
    migrations = [...migrations, isAfter ? step : withFormer({ ...step, name }, step)];
  }
  return { ...first, migrations };
}

/** Whether a migration leaves nothing for another one to do. */
function doesAll(known: TableMigration, step: TableMigration): boolean {
  const [{ columns: had, ...done }, { columns, ...rest }] = [workOf(known), workOf(step)];
  if (JSON.stringify([had, done]) === JSON.stringify([columns, rest])) return true;
  const isAdding = columns.length > 0 && Object.keys(rest).length === 0;
  return isAdding && columns.every(({ column }) => had.some((own) => own.column === column));
}

/** A table that one head has renamed is no longer there for another one's rename: the schema says what it is called in the end. */
function renamesTheSame(known: TableMigration, step: TableMigration): boolean {
  return known.renames !== undefined && known.renames.from === step.renames?.from;
}

function workOf({
  name: _,
  formerly: __,
  ...work
}: TableMigration): Omit<TableMigration, "name" | "formerly"> {
  return work;
}

function withFormer(migration: TableMigration, { name, formerly = [] }: TableMigration): TableMigration {
  return { ...migration, formerly: [...(migration.formerly ?? []), name, ...formerly] };
}

function highestOf(names: readonly string[]): number {
  return Math.max(0, ...names.map(numberOf).filter(Number.isFinite));
}

function numberOf(name: string): number {
  return Number.parseInt(name, 10);
}
