import { dirname, resolve } from "node:path";
import type { LoadedSchema } from "../load/load-schema.js";
import { faultAt } from "../load/source-node.js";
import type { Model } from "../model/model.js";
import type { SchemaFault } from "../schema-error.js";

interface ReadSchema {
  readonly schema: LoadedSchema;
  readonly model: Model;
}

/** What a schema shares with those before it and must not: its name, and its folder for generated code. */
export function refuseCollisions(
  current: ReadSchema,
  earlier: readonly ReadSchema[],
): readonly SchemaFault[] {
  const { schema, model } = current;
  const faults: SchemaFault[] = [];
  for (const other of earlier) {
    if (other.model.name === model.name) {
      const message = `name: two schemas are named "${model.name}"; give one of them another \`name\``;
      faults.push(faultAt(schema.source.member("name").position, message));
    }
    if (outputOf(other) === outputOf(current)) {
      const message = `output: two schemas write to "${model.settings.output}"; give one of them another \`output\``;
      faults.push(faultAt(schema.source.member("output").position, message));
    }
  }
  return faults;
}

function outputOf({ schema, model }: ReadSchema): string {
  return resolve(dirname(schema.file), model.settings.output);
}
