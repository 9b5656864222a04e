// What it costs to type-check an app over generated code, and over `z.infer` of the same schema: npm run bench:types
import { type TypeCheckCost, typeCheckCost, typedApp } from "../test/types/type-check-cost.js";
import { publish, type ResultRow } from "./results.js";
import { median } from "./statistics.js";

const rounds = Number(process.argv[2] ?? 9);

publish("types", {
  title: "Types: time to check an app over generated code",
  conditions: [
    "Processor time to parse, bind and check an app that reads and writes each field, over generated code and over `z.infer` of the same schema, by TypeScript's own API; libraries are parsed beforehand.",
  ],
  rows: [10, 100, 1000].map(rowOf),
});

interface Pair {
  readonly generated: TypeCheckCost;
  readonly inferred: TypeCheckCost;
}

function rowOf(size: number): ResultRow {
  const { generated, inferred } = typedApp(size);
  // The first of each parses the libraries and warms the compiler up.
  const first: Pair = { generated: typeCheckCost(generated), inferred: typeCheckCost(inferred) };
  const pairs = Array.from({ length: rounds }, (_, round): Pair => {
    // Neither is always the first, so that neither always finds the heap clean.
    if (round % 2 === 1) return { inferred: typeCheckCost(inferred), generated: typeCheckCost(generated) };
    return { generated: typeCheckCost(generated), inferred: typeCheckCost(inferred) };
  });
  const tell = (side: keyof Pair): string =>
    `${median(pairs.map((pair) => pair[side].milliseconds)).toFixed(0)} ms, ${first[side].instantiations} instantiations, ${first[side].types} types`;
  return {
    what: `type-checking ${size.toLocaleString("en")} fields`,
    against: "`z.infer`",
    values: pairs.map((pair) => pair.generated.milliseconds / pair.inferred.milliseconds),
    ...(size === 1000 && { atMost: 1 }),
    note: `${tell("generated")}; ${tell("inferred")}`,
  };
}
