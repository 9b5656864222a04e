/** One thing that is wrong in a schema file, and where. */
export interface SchemaFault {
  /** An absolute path. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units as editors count. */
  readonly column: number;
  /** What is wrong and what to write instead; one line. */
  readonly message: string;
}

/** Everything that is wrong with the schema files, in source order. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
  readonly faults: readonly SchemaFault[];

  constructor(faults: readonly SchemaFault[]) {
    super(faults.map((fault) => `${fault.file}:${fault.line}:${fault.column} ${fault.message}`).join("\n"));
    this.faults = Object.freeze([...faults]);
  }
}
