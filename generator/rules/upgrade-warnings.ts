import { relative } from "node:path";
import type { EmitInput } from "../emit/emit-input.js";
import { upgradeHistory } from "../emit/upgrade/upgrade-history.js";
import type { LoadedModel } from "../load/load-model.js";
import type { SchemaFault } from "../schema-error.js";

/** Which conversions nothing calls: of a field that is the same in each version that the model file keeps. */
export function upgradeWarnings(
  { file, upgrades, positionOf }: Pick<LoadedModel, "file" | "upgrades" | "positionOf">,
  input: EmitInput,
): readonly SchemaFault[] {
  if (upgrades === undefined) return [];
  const { steps } = upgradeHistory(input);
  const idle = upgrades.fields.filter((field) => !steps.has(field));
  if (idle.length === 0) return [];
  const rest =
    idle.length === upgrades.fields.length
      ? "take the option and its file out"
      : "take out what is left over";
  const message = `upgrade: ${relative(file, upgrades.path).replace(/^\.\.[\\/]/, "")} converts ${idle.join(", ")}, which is the same in every version of the model file: nothing calls it, and it does not compile; ${rest}`;
  return [{ ...positionOf(["upgrade"]), message }];
}
