import { expect, test } from "vitest";
import { type TypeCheckCost, typeCheckCost, typedApp } from "./type-check-cost.js";

const sizes = [10, 100, 1000] as const;

/** Counted, not timed: a busy machine counts alike. `npm run bench:types` times. */
test("what the compiler does for generated code grows with the fields, and less than for z.infer", {
  timeout: 240_000,
}, () => {
  const [ten, hundred, thousand] = sizes.map((size) => {
    const { generated, inferred } = typedApp(size);
    return { generated: typeCheckCost(generated), inferred: typeCheckCost(inferred) };
  });
  if (ten === undefined || hundred === undefined || thousand === undefined) throw new Error("three sizes");
  const growth = (more: TypeCheckCost, less: TypeCheckCost): number =>
    more.instantiations - less.instantiations;
  const forNinety = growth(hundred.generated, ten.generated);
  expect(growth(thousand.generated, hundred.generated), "ten times as many").toBeLessThan(
    forNinety * 10 * 1.1,
  );
  expect(thousand.generated.instantiations).toBeLessThan(thousand.inferred.instantiations);
});
