import { expect, test } from "vitest";
import { type TypeCheckCost, typeCheckCost, typedApp } from "./type-check-cost.js";

const sizes = [10, 100, 1000] as const;
type Measure = Exclude<keyof TypeCheckCost, "milliseconds">;

/** Counted, not timed: a busy machine counts alike. `npm run bench:types` times. */
test("what the compiler does for generated code grows with the fields, and less than for z.infer", {
  timeout: 240_000,
}, () => {
  const [ten, hundred, thousand] = sizes.map((size) => {
    const { generated, inferred } = typedApp(size);
    return { generated: typeCheckCost(generated), inferred: typeCheckCost(inferred) };
  });
  if (ten === undefined || hundred === undefined || thousand === undefined) throw new Error("three sizes");
  for (const measure of ["instantiations", "types"] satisfies Measure[]) {
    const first = hundred.generated[measure] - ten.generated[measure];
    const second = thousand.generated[measure] - hundred.generated[measure];
    expect(second, `${measure} of 900 fields, beside ten times those of 90`).toBeLessThan(first * 10 * 1.1);
    expect(thousand.generated[measure], measure).toBeLessThan(thousand.inferred[measure]);
  }
});
