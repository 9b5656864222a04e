import type { ts as TypeScript } from "ts-morph";

/**
 * Line and column of an offset, both from 1, as editors count them: TypeScript also begins a line after U+2028 and U+2029,
 * which editors and code frames show as part of one.
 */
export function positionInText(
  source: TypeScript.SourceFile,
  offset: number,
): { readonly line: number; readonly column: number } {
  const starts = lineStarts(source);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}

const known = new WeakMap<TypeScript.SourceFile, readonly number[]>();

function lineStarts(source: TypeScript.SourceFile): readonly number[] {
  const found = known.get(source) ?? [
    0,
    ...[...source.text.matchAll(/\r\n?|\n/g)].map(({ 0: end, index }) => index + end.length),
  ];
  known.set(source, found);
  return found;
}
