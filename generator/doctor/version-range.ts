/** Whether a version is in a range of `^1.2.3`, `>=1.2` and `||`, as package.json of the runtime has them. */
export function isInRange(version: string, range: string): boolean {
  return range.split("||").some((part) => {
    const least = numbersOf(part);
    const [major = 0, minor = 0] = least;
    const actual = numbersOf(version);
    if (compare(actual, least) < 0) return false;
    if (!part.trim().startsWith("^")) return true;
    return actual[0] === major && (major > 0 || actual[1] === minor);
  });
}

/** The numbers of the first version in a text: of `PostgreSQL 15.4 (Debian)` 15 and 4. */
export function numbersOf(text: string): readonly number[] {
  return (/\d+(?:\.\d+)*/.exec(text)?.[0] ?? "0").split(".").map(Number);
}

/** Negative when the first version is the older one. */
export function compare(one: readonly number[], other: readonly number[]): number {
  const length = Math.max(one.length, other.length);
  const differences = Array.from({ length }, (_, index) => (one[index] ?? 0) - (other[index] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}
