import { type OptionRule, type OptionValues, textOptions } from "../command.js";
import type { Decisions } from "../history/decisions.js";

/** The flags that decide what a changed schema leaves open. */
export const decisionOptions: Readonly<Record<string, OptionRule>> = {
  rename: {
    type: "string",
    multiple: true,
    value: "OLD:NEW",
    description: "a field has a new name; may be repeated",
  },
  drop: {
    type: "string",
    multiple: true,
    value: "FIELD",
    description: "a field goes although one of its type comes; may be repeated",
  },
  "allow-breaking": {
    type: "boolean",
    description: "change a field although stored values no longer fit",
  },
  merge: { type: "boolean", description: "join what two branches made of the model file" },
  prune: {
    type: "boolean",
    description: "drop old versions from the model file that no session in the store has",
  },
};

/** The decisions that flags give, but for `prune`, which a store has to be asked about; `undefined` when they give none. */
export function readDecisions(values: OptionValues): Decisions | undefined {
  const [rename, drop] = [textOptions(values, "rename"), textOptions(values, "drop")];
  const [allowBreaking, merge] = [values["allow-breaking"] === true, values["merge"] === true];
  const isGiven = rename.length + drop.length > 0 || allowBreaking || merge || values["prune"] === true;
  return isGiven ? { rename, drop, allowBreaking, merge } : undefined;
}
