/**
 * What `redirect()`, `notFound()` and their like of `next/navigation` throw stands for a response, which Next would make of it:
 * a handler that ends so has not failed, and what it changed is stored. `null` for anything else.
 */
export function toNextResponse(thrown: unknown): Response | null {
  const [kind, ...parts] = digestOf(thrown).split(";");
  if (kind === "NEXT_HTTP_ERROR_FALLBACK") return withStatus(parts[0], {});
  if (kind !== "NEXT_REDIRECT") return null;
  // How, where to, and the status; the place may have a semicolon.
  return withStatus(parts.at(-2), { Location: parts.slice(1, -2).join(";") });
}

/** Whether Next itself threw it, to find out at build what cannot be rendered then: nothing has failed. */
export function isNextSignal(thrown: unknown): boolean {
  return /^(?:NEXT_|DYNAMIC_SERVER_USAGE|HANGING_PROMISE_|BAILOUT_TO_)/.test(digestOf(thrown));
}

function withStatus(text: string | undefined, headers: Readonly<Record<string, string>>): Response | null {
  return /^[34]\d\d$/.test(text ?? "") ? new Response(null, { status: Number(text), headers }) : null;
}

/** By which Next knows what it threw. */
function digestOf(thrown: unknown): string {
  const isKnown = thrown instanceof Error && "digest" in thrown && typeof thrown.digest === "string";
  return isKnown ? String(thrown.digest) : "";
}
