import type { ExistingColumn, TablePlace } from "./existing-table.js";
import type { DialectName } from "./location.js";
import type { TableChange, WantedColumn, WantedIndex } from "./recorded-changes.js";

/** A step and what it does. */
export interface RecordedStep {
  readonly name: string;
  /** `undefined` when that cannot be told without running it. */
  readonly changes: readonly TableChange[] | undefined;
}

/** A table as it is after some steps. */
export interface TableState {
  readonly table: string;
  readonly columns: readonly WantedColumn[];
  readonly indexes: readonly WantedIndex[];
  /** The steps that made it so, and did nothing else. */
  readonly steps: readonly string[];
}

/** The states of a table after the step that creates it and after each later one that changes it. */
export function tableStates(steps: readonly RecordedStep[], created: TablePlace): readonly TableState[] {
  const states: TableState[] = [];
  let state: TableState = { table: created.table, columns: [], indexes: [], steps: [] };
  for (const { name, changes } of steps) {
    if (changes === undefined || !isAbout(changes, { ...created, table: state.table })) continue;
    state = { ...changes.reduce(applyChange, state), steps: [...state.steps, name] };
    states.push(state);
  }
  return states;
}

/** How a table differs from what it should be, in words; nothing when the backend works on it. */
export function differences(
  existing: readonly ExistingColumn[],
  { columns }: TableState,
  dialect: DialectName,
): readonly string[] {
  const wanted = columns.flatMap((column) => {
    const found = existing.find(({ name }) => name.toLowerCase() === column.name.toLowerCase());
    return found === undefined
      ? [`it has no column ${column.name}`]
      : columnDifferences(found, column, dialect);
  });
  const unknown = existing.filter(
    ({ name, isRequired, hasDefault }) =>
      isRequired &&
      !hasDefault &&
      columns.every((column) => column.name.toLowerCase() !== name.toLowerCase()),
  );
  return [...wanted, ...unknown.map(({ name }) => `its column ${name} needs a value, which no session has`)];
}

/** How many columns there are that a table in this state does not have. */
export function surplus(existing: readonly ExistingColumn[], { columns }: TableState): number {
  return existing.filter(({ name }) => columns.every((column) => column.name !== name)).length;
}

function columnDifferences(
  found: ExistingColumn,
  wanted: WantedColumn,
  dialect: DialectName,
): readonly string[] {
  const { name } = wanted;
  return [
    ...(isSameType(dialect, wanted.type, found.type)
      ? []
      : [`its column ${name} is ${found.type} instead of ${wanted.type}`]),
    ...(wanted.isKey && !found.isKey ? [`its column ${name} is not the primary key`] : []),
    ...(found.isRequired && !wanted.isRequired ? [`its column ${name} takes no null`] : []),
  ];
}

/** Whether the statements concern this table alone. What is written as SQL has to name it. */
function isAbout(changes: readonly TableChange[], { table, schema }: TablePlace): boolean {
  const isOurs = (change: TableChange): boolean =>
    change.does === "other"
      ? change.sql.includes(table)
      : change.place.table === table && change.place.schema === schema;
  return changes.some((change) => change.does !== "other") && changes.every(isOurs);
}

function applyChange(state: TableState, change: TableChange): TableState {
  switch (change.does) {
    case "create":
      return { ...state, columns: change.columns };
    case "add":
      return { ...state, columns: [...state.columns, change.column] };
    case "drop":
      return {
        ...state,
        columns: state.columns.filter(({ name }) => name !== change.column),
        indexes: state.indexes.filter(({ columns }) => !columns.includes(change.column)),
      };
    case "rename":
      return { ...state, table: change.to, indexes: [] };
    case "index":
      return { ...state, indexes: [...state.indexes, change.index] };
    default:
      return state;
  }
}

/** By hand a column may be declared in other words that mean the same. */
function isSameType(dialect: DialectName, wanted: string, found: string): boolean {
  if (dialect === "sqlite") return affinity(wanted) === affinity(found);
  return (sameTypes[dialect][wanted] ?? [wanted]).includes(found);
}

const sameTypes: Readonly<Record<"postgres" | "mysql", Readonly<Record<string, readonly string[]>>>> = {
  postgres: {
    text: ["text", "varchar"],
    bigint: ["int8"],
    integer: ["int4"],
    double: ["float8"],
    boolean: ["bool"],
  },
  mysql: {
    // Text that ignores case would take two keys for one.
    longtext: ["longtext", "mediumtext"],
    longblob: ["longblob", "mediumblob"],
    boolean: ["tinyint"],
    integer: ["int"],
  },
};

/** https://www.sqlite.org/datatype3.html, 3.1 */
function affinity(type: string): string {
  if (/int/.test(type)) return "integer";
  if (/char|clob|text/.test(type)) return "text";
  if (type === "" || /blob/.test(type)) return "blob";
  return /real|floa|doub/.test(type) ? "real" : "numeric";
}
