import type { BackendAbilities, SessionBackend } from "../types/backend.js";
import { basicCases } from "./conformance/basic-cases.js";
import { type AbilityName, type ConformanceCase, createContext } from "./conformance/conformance-case.js";
import { expiryCases } from "./conformance/expiry-cases.js";
import { fidelityCases } from "./conformance/fidelity-cases.js";
import { limitCases } from "./conformance/limit-cases.js";
import { pageCases } from "./conformance/page-cases.js";
import { parallelCases } from "./conformance/parallel-cases.js";

/** One case of the suite, for any test runner. */
export interface BackendCase {
  readonly name: string;
  /** Rejects with an `AssertionError`, or what the backend threw, when the backend does not do what it must. */
  readonly run: () => Promise<void>;
}

/** The cases, to hand to a runner one by one; or to await, which runs all of them. */
export interface BackendSuite extends Iterable<BackendCase>, PromiseLike<void> {}

/** Options of `testBackend`. */
export interface TestBackendOptions {
  /** What the backend must be able to do: only these are tested, and one that is missing fails. Without it, what it declares is. */
  readonly abilities?: readonly (keyof BackendAbilities)[];
}

const everyCase = [
  ...basicCases,
  ...fidelityCases,
  ...expiryCases,
  ...parallelCases,
  ...pageCases,
  ...limitCases,
];

/**
 * The contract of `SessionBackend` as a suite.
 *
 * ```ts
 * for (const { name, run } of testBackend(() => createMyBackend())) test(name, run);   // in a runner
 * await testBackend(() => createMyBackend());                                          // or all at once
 * ```
 *
 * `make` is called once for each case and may give the same backend again: ids are new in each case, so a store
 * may be shared and need not be empty, though the sweep cases do delete what expires within half an hour.
 * Nothing is closed: that is for whoever made it.
 * A backend that must know its indexed fields declares `userId` (integer), `label` (text) and `admin` (boolean).
 *
 * Awaited, it runs the cases one after the other and rejects with an `AggregateError` whose message and `errors`
 * name each that failed.
 */
export function testBackend(
  make: () => SessionBackend | Promise<SessionBackend>,
  options: TestBackendOptions = {},
): BackendSuite {
  const { abilities } = options;
  const cases: readonly BackendCase[] = everyCase
    .filter(({ ability }) => ability === undefined || abilities === undefined || abilities.includes(ability))
    .map((conformance) => ({
      name: conformance.name,
      run: async () => {
        const backend = await make();
        if (isAsked(conformance, backend, abilities)) await conformance.run(createContext(backend));
      },
    }));
  return {
    [Symbol.iterator]: () => cases[Symbol.iterator](),
    // biome-ignore lint/suspicious/noThenProperty: awaiting the suite runs it, as the contract says.
    then: (onFulfilled, onRejected) => runAll(cases).then(onFulfilled, onRejected),
  };
}

/** A case for an ability that was asked for runs in any case, and fails when it is missing. */
function isAsked(
  { ability, isParallel }: ConformanceCase,
  backend: SessionBackend,
  abilities: readonly AbilityName[] | undefined,
): boolean {
  if (isParallel && backend.atomicity === "none") return false;
  return ability === undefined || abilities !== undefined || backend.abilities[ability] !== undefined;
}

async function runAll(cases: readonly BackendCase[]): Promise<void> {
  const errors: Error[] = [];
  for (const { name, run } of cases) {
    await run().catch((cause: unknown) => {
      errors.push(new Error(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause }));
    });
  }
  if (errors.length === 0) return;
  const list = errors.map(({ message }) => `- ${message}`).join("\n");
  throw new AggregateError(errors, `${errors.length} of ${cases.length} cases failed:\n${list}`);
}
