/**
 * What an error says, for a person. Where a store failed, its own reason follows, which holds no secrets: what it is
 * that stands in the way is known to the driver only.
 */
export function failureText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  const isOutage = "code" in error && error.code === "unavailable";
  const reason = isOutage && cause instanceof Error ? cause.message : "";
  return reason === "" ? message : `${message.replace(/(?:; its error is the cause)?\.$/, "")}: ${reason}`;
}

/** What a driver's error says: the message is empty when every address of a host refuses. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ("code" in error ? String(error.code) : error.name);
}
