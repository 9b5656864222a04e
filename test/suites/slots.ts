/** How many slots a shop's session has. */
export const SLOTS = 50;

/** Names of fields of their own, so that many requests can each set another one. */
export type Slot = `slot${number}`;
