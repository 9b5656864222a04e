/** Whether a text has fewer characters than `minimum`: an emoji outside the basic plane is one. */
export function isShorter(text: string, minimum: number): boolean {
  if (text.length < minimum) return true;
  return text.length < 2 * minimum && codePoints(text) < minimum;
}

/** Whether a text has more characters than `maximum`. */
export function isLonger(text: string, maximum: number): boolean {
  return text.length > maximum && codePoints(text) > maximum;
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
