import { createHash } from "node:crypto";

/** The longest name that PostgreSQL takes; it cuts longer ones off without a word. */
const longestName = 63;

/** The name of the index on a column; a long one ends with a digest of what it leaves out. */
export function indexName(table: string, column: string): string {
  const name = `${table}_${column}`;
  if (name.length <= longestName) return name;
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, longestName - digest.length - 1)}_${digest}`;
}
