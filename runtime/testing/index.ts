export type { FakeClock } from "./clock.js";
export { fakeClock } from "./clock.js";
