import { describe, test } from "vitest";
import { type TestBackendOptions, testBackend } from "../../runtime/testing/test-backend.js";
import type { SessionBackend } from "../../runtime/types/backend.js";

/** Registers the backend contract, once per case, with vitest. */
export function backendSuite(
  name: string,
  make: () => SessionBackend | Promise<SessionBackend>,
  options: TestBackendOptions,
): void {
  describe(`${name} keeps the backend contract`, () => {
    for (const { name, run } of testBackend(make, options)) test(name, run);
  });
}
