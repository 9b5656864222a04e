import type { LoadedModel } from "../load/load-model.js";
import type { SchemaFault } from "../schema-error.js";

/** What is to be known of the codec that a schema names. */
export function codecWarnings({
  model,
  positionOf,
}: Pick<LoadedModel, "model" | "positionOf">): readonly SchemaFault[] {
  if (model.settings.codec !== "bincode") return [];
  const message =
    'bincode does not survive rolling deploys: a record that another version of the shape wrote is not read, and its user gets a new session. Where sessions must outlive a change of the shape, choose "protobuf"';
  return [{ ...positionOf(["codec"]), message }];
}
