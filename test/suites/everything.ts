import type { AbilityName } from "../../runtime/testing/conformance/conformance-case.js";

/** What a backend can do that can do everything. */
export const everyAbility: readonly AbilityName[] = ["find", "list", "scan", "sweep", "limit"];
