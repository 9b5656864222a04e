/**
 * A driver's error by its code alone, or with its message too: drivers keep the statement with its parameters, and
 * servers quote values.
 */
export function plainError(error: unknown, isMessageSafe: (code: string) => boolean): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const message = isMessageSafe(code) ? error.message : "";
  return Object.assign(new Error(message || code || "The driver failed."), code !== "" && { code });
}
