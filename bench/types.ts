// What it costs to type-check an app over generated code, and over `z.infer` of the same schema: npm run bench:types
import { type TypeCheckCost, typeCheckCost, typedApp } from "../test/types/type-check-cost.js";

const rounds = Number(process.argv[2] ?? 9);

console.log(
  `Median of ${rounds} paired rounds, libraries parsed beforehand; ms to parse, bind and check the app.\n`,
);
console.log("| fields | generated | z.infer | ratio | instantiations | of z.infer | types | of z.infer |");
console.log("| -----: | --------: | ------: | ----: | -------------: | ---------: | ----: | ---------: |");
for (const size of [10, 100, 1000]) {
  const { generated, inferred } = typedApp(size);
  // The first of each parses the libraries and warms the compiler up.
  typeCheckCost(generated);
  typeCheckCost(inferred);
  const pairs = Array.from({ length: rounds }, (_, round) => {
    // Neither is always the first, so that neither always finds the heap clean.
    if (round % 2 === 1) return { inferred: typeCheckCost(inferred), generated: typeCheckCost(generated) };
    return { generated: typeCheckCost(generated), inferred: typeCheckCost(inferred) };
  });
  const [first] = pairs;
  if (first === undefined) throw new Error("At least one round.");
  const time = (cost: (pair: Pair) => TypeCheckCost): number =>
    median(pairs.map((pair) => cost(pair).milliseconds));
  const ratio = median(pairs.map((pair) => pair.generated.milliseconds / pair.inferred.milliseconds));
  const cells = [
    size,
    time((pair) => pair.generated).toFixed(0),
    time((pair) => pair.inferred).toFixed(0),
    ratio.toFixed(2),
    first.generated.instantiations,
    first.inferred.instantiations,
    first.generated.types,
    first.inferred.types,
  ];
  console.log(`| ${cells.join(" | ")} |`);
}

interface Pair {
  readonly generated: TypeCheckCost;
  readonly inferred: TypeCheckCost;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
