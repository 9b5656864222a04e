/** One choice for each option, by name. */
export type Combination<Options> = {
  readonly [Name in keyof Options]: Options[Name] extends readonly (infer Choice)[] ? Choice : never;
};

interface Pair {
  readonly names: readonly [string, string];
  readonly choices: readonly [unknown, unknown];
}

/**
 * Combinations in which every two choices of different options meet at least once; those that `isPossible` refuses are
 * left out. The same for the same input: each is begun with the first pair that has not met yet, and filled with
 * what lets the most others meet.
 */
export function pairwise<Options extends Readonly<Record<string, readonly unknown[]>>>(
  options: Options,
  isPossible: (combination: Readonly<Record<string, unknown>>) => boolean = () => true,
): readonly Combination<Options>[] {
  const combinations: Combination<Options>[] = [];
  let unmet = pairsOf(options).filter((pair) => fill(options, pair, [], isPossible) !== null);
  for (let [pair] = unmet; pair !== undefined; [pair] = unmet) {
    const filled = fill(options, pair, unmet, isPossible);
    if (filled === null) throw new Error("a pair that was possible is not any more");
    combinations.push(filled as Combination<Options>);
    unmet = unmet.filter((other) => !meets(filled, other));
  }
  return combinations;
}

function pairsOf(options: Readonly<Record<string, readonly unknown[]>>): readonly Pair[] {
  const entries = Object.entries(options);
  return entries.flatMap(([name, choices], at) =>
    entries
      .slice(at + 1)
      .flatMap(([other, others]) =>
        choices.flatMap((choice) =>
          others.map((second): Pair => ({ names: [name, other], choices: [choice, second] })),
        ),
      ),
  );
}

function fill(
  options: Readonly<Record<string, readonly unknown[]>>,
  { names, choices }: Pair,
  unmet: readonly Pair[],
  isPossible: (combination: Readonly<Record<string, unknown>>) => boolean,
): Readonly<Record<string, unknown>> | null {
  const open = Object.keys(options).filter((name) => !names.includes(name));
  const extend = (
    given: Readonly<Record<string, unknown>>,
    [name, ...rest]: readonly string[],
  ): Readonly<Record<string, unknown>> | null => {
    if (name === undefined) return isPossible(given) ? given : null;
    const candidates = (options[name] ?? []).map((choice) => ({ ...given, [name]: choice }));
    const gain = (candidate: Readonly<Record<string, unknown>>): number =>
      unmet.filter((pair) => pair.names.includes(name) && meets(candidate, pair)).length;
    const ranked = candidates.map((candidate) => ({ candidate, gain: gain(candidate) }));
    ranked.sort((one, other) => other.gain - one.gain);
    for (const { candidate } of ranked) {
      const found = extend(candidate, rest);
      if (found !== null) return found;
    }
    return null;
  };
  return extend({ [names[0]]: choices[0], [names[1]]: choices[1] }, open);
}

function meets(combination: Readonly<Record<string, unknown>>, { names, choices }: Pair): boolean {
  return (
    names.every((name) => Object.hasOwn(combination, name)) &&
    names.every((name, at) => combination[name] === choices[at])
  );
}
