/** A text without the byte order mark that some editors put before it, and none counts. */
export function withoutMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}
