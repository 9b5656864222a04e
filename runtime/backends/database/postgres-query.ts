import type { QueryResult } from "kysely";
import type { Connection, FieldDef, Submittable } from "pg";
import type { Row } from "./record-row.js";

/** A column of a statement's rows, and how its text is read. */
export interface Field {
  readonly name: string;
  readonly parse: (text: string) => unknown;
}

/** A statement on one connection. */
export interface Prepared {
  readonly sql: string;
  /** What the server calls it on each connection: the same for the same text, whoever prepares it. */
  readonly name: string;
  /** The columns of its rows, where they are known from the last time. */
  fields: readonly Field[] | undefined;
  readonly toField: (described: FieldDef) => Field;
}

/** pg's connection, with what it remembers of prepared statements, by name. */
type PreparingConnection = Connection & { readonly parsedStatements?: Readonly<Record<string, string>> };

/**
 * A prepared statement, as pg lets others write queries of their own (pg-cursor is one). Its own asks the server at each
 * call what the rows consist of, which takes longer to read than a row; what is prepared does not change, and the server
 * refuses it when it would have to.
 */
export class PreparedQuery implements Submittable {
  /** Read by pg, which remembers that it is prepared. */
  readonly name: string;
  readonly text: string;
  /** pg puts another in its place where it has a limit of its own to waiting. */
  callback: (error: Error | null) => void;
  readonly #statement: Prepared;
  readonly #parameters: readonly unknown[];
  readonly #rows: Row[] = [];
  #fields: readonly Field[];
  #count = 0n;
  #failure: Error | null = null;

  /** @param done Called once. */
  constructor(
    statement: Prepared,
    parameters: readonly unknown[],
    done: (error: Error | null, result: QueryResult<Row>) => void,
  ) {
    this.name = statement.name;
    this.text = statement.sql;
    this.#statement = statement;
    this.#parameters = parameters;
    this.#fields = statement.fields ?? [];
    this.callback = (error) => {
      if (error === null) statement.fields ??= this.#fields;
      done(error, { rows: this.#rows, numAffectedRows: this.#count });
    };
  }

  submit(connection: PreparingConnection): void {
    const { name, sql, fields } = this.#statement;
    const { stream } = connection;
    stream.cork();
    try {
      if (connection.parsedStatements?.[name] === undefined)
        connection.parse({ name, text: sql, types: [] }, true);
      connection.bind({ statement: name, values: this.#parameters.map(toSent) }, true);
      if (fields === undefined) connection.describe({ type: "P" }, true);
      connection.execute(null, true);
      connection.sync();
    } finally {
      stream.uncork();
    }
  }

  handleRowDescription({ fields }: { readonly fields: readonly FieldDef[] }): void {
    this.#fields = fields.map(this.#statement.toField);
  }

  handleDataRow({ fields: texts }: { readonly fields: readonly (string | null)[] }): void {
    const row: Record<string, unknown> = {};
    try {
      for (let at = 0; at < this.#fields.length; at += 1) {
        const { name, parse } = this.#fields[at] as Field;
        const text = texts[at] ?? null;
        row[name] = text === null ? null : parse(text);
      }
      this.#rows.push(row);
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error("A row cannot be read.");
    }
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    // `SELECT 1`, `UPDATE 1`, `INSERT 0 1`.
    this.#count = BigInt(text.slice(text.lastIndexOf(" ") + 1));
  }

  handleReadyForQuery(): void {
    this.callback(this.#failure);
  }

  handleError(error: Error): void {
    this.callback(error);
  }
}

/** As pg sends them: numbers as text, bytes as they are. */
function toSent(value: unknown): string | Buffer | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value;
  if (Buffer.isBuffer(value)) return value;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return String(value);
}
