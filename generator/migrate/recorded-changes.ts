import {
  type ColumnDefinitionNode,
  ColumnNode,
  type CompiledQuery,
  type OperationNode,
  RawNode,
  type TableNode,
} from "kysely";
import type { TablePlace } from "./existing-table.js";
import type { StepMigration } from "./load-migrations.js";
import type { DialectName } from "./location.js";
import { recordingDatabase } from "./recording-database.js";

/** A column as a migration asks for it. */
export interface WantedColumn {
  readonly name: string;
  /** The first word of its type. */
  readonly type: string;
  readonly isRequired: boolean;
  readonly isKey: boolean;
}

/** An index as a migration asks for it. */
export interface WantedIndex {
  readonly name: string;
  readonly columns: readonly string[];
  readonly query: CompiledQuery;
}

/** What a statement does to a table; `other` is everything that is written as SQL. */
export type TableChange =
  | { readonly does: "create"; readonly place: TablePlace; readonly columns: readonly WantedColumn[] }
  | { readonly does: "add"; readonly place: TablePlace; readonly column: WantedColumn }
  | { readonly does: "drop"; readonly place: TablePlace; readonly column: string }
  | { readonly does: "rename"; readonly place: TablePlace; readonly to: string }
  | { readonly does: "index"; readonly place: TablePlace; readonly index: WantedIndex }
  | { readonly does: "other"; readonly sql: string };

/** What a migration would do on an empty answer to everything; `undefined` when it needs true answers. */
export async function recordChanges(
  { up }: StepMigration,
  dialect: DialectName,
): Promise<readonly TableChange[] | undefined> {
  const queries: CompiledQuery[] = [];
  try {
    await up(recordingDatabase(dialect, (query) => queries.push(query)));
  } catch {
    return undefined;
  }
  return queries.flatMap(toChanges);
}

function toChanges(query: CompiledQuery): readonly TableChange[] {
  const node = query.query;
  const other: TableChange = { does: "other", sql: query.sql };
  if (node.kind === "CreateTableNode")
    return [{ does: "create", place: toPlace(node.table), columns: node.columns.map(toColumn) }];
  if (node.kind === "CreateIndexNode") {
    if (node.table === undefined) return [other];
    const columns = (node.columns ?? []).flatMap((one) => (ColumnNode.is(one) ? [one.column.name] : []));
    return [{ does: "index", place: toPlace(node.table), index: { name: node.name.name, columns, query } }];
  }
  if (node.kind !== "AlterTableNode") return [other];
  const place = toPlace(node.table);
  if (node.renameTo !== undefined) return [{ does: "rename", place, to: toPlace(node.renameTo).table }];
  return (node.columnAlterations ?? []).map((alteration): TableChange => {
    if (alteration.kind === "AddColumnNode")
      return { does: "add", place, column: toColumn(alteration.column) };
    if (alteration.kind === "DropColumnNode")
      return { does: "drop", place, column: alteration.column.column.name };
    return other;
  });
}

function toPlace({ table: { schema, identifier } }: TableNode): TablePlace {
  return { table: identifier.name, ...(schema !== undefined && { schema: schema.name }) };
}

function toColumn({ column, dataType, notNull, primaryKey }: ColumnDefinitionNode): WantedColumn {
  return {
    name: column.column.name,
    type: typeWord(dataType),
    isRequired: notNull === true || primaryKey === true,
    isKey: primaryKey === true,
  };
}

function typeWord(type: OperationNode): string {
  const text = RawNode.is(type)
    ? type.sqlFragments.join("")
    : "dataType" in type
      ? String(type.dataType)
      : "";
  return /^\w+/.exec(text.trim().toLowerCase())?.[0] ?? "";
}
