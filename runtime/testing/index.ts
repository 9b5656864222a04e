export type { FakeClock } from "./clock.js";
export { fakeClock } from "./clock.js";
export type { BackendMethod, FailingPlan, Failure } from "./failing-backend.js";
export { failingBackend } from "./failing-backend.js";
export type { BackendCase, BackendSuite, TestBackendOptions } from "./test-backend.js";
export { testBackend } from "./test-backend.js";
export type { TestSession } from "./test-session.js";
export { createTestSession } from "./test-session.js";
