import { dirname } from "node:path";
import { loadModels } from "../../../generator/load/load-model.js";
import { renderFaults, SchemaError } from "../../../generator/schema-error.js";

/** Prints what is wrong with the schema file that is its argument. */
const [, , file = ""] = process.argv;
const error: unknown = await loadModels([file]).catch((cause: unknown) => cause);
if (error instanceof SchemaError) process.stdout.write(renderFaults(error.faults, { cwd: dirname(file) }));
