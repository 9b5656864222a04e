import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Model } from "../model/model.js";
import { nearest } from "../rules/nearest.js";
import type { SchemaFault } from "../schema-error.js";
import { readSource } from "./read-source.js";
import { faultAt, type SourcePosition } from "./source-node.js";

/** The upgrade file of a schema. */
export interface UpgradeFile {
  /** Absolute. */
  readonly path: string;
  /** The fields that it converts. */
  readonly fields: readonly string[];
}

/**
 * Reads which fields the upgrade file of a schema converts. It is read and not run: it imports generated code, which
 * may not be there yet. What is wrong is added to `faults`; `position` is that of the option, `folder` the schema's.
 */
export async function readUpgrades(
  { fields, settings: { upgrade } }: Model,
  { folder, position }: { readonly folder: string; readonly position: SourcePosition },
  faults: SchemaFault[],
): Promise<UpgradeFile | undefined> {
  if (upgrade === undefined) return undefined;
  const path = resolve(folder, upgrade);
  const text = await readFile(path, "utf8").catch((): undefined => undefined);
  if (text === undefined) {
    const message = `upgrade: there is no file ${upgrade}. Write one with \`${exampleOf(fields[0]?.name)}\``;
    faults.push(faultAt(position, message));
    return { path, fields: [] };
  }
  const { ts } = await import("ts-morph");
  const node = readSource(ts, path, text)?.node;
  const names = node?.names() ?? [];
  if (node === undefined || names.length === 0) {
    const start = node?.position ?? { file: path, line: 1, column: 1 };
    const message = `An upgrade file names the fields that it converts: \`${exampleOf(fields[0]?.name)}\``;
    faults.push(faultAt(start, message));
  }
  const known = fields.map(({ name }) => name);
  for (const name of names.filter((candidate) => !known.includes(candidate))) {
    const near = nearest(name, known);
    const hint = near === undefined ? "leave it out" : `did you mean \`${near}\`?`;
    faults.push(faultAt(node?.member(name).position ?? position, `There is no field \`${name}\`; ${hint}`));
  }
  return { path, fields: names };
}

function exampleOf(field = "field"): string {
  return `export default defineUpgrades({ ${/^[\w$]+$/.test(field) ? field : JSON.stringify(field)}: (old, record) => … });`;
}
