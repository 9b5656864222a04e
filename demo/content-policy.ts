/** Headers of every page: no scripts, no frames, no forms to elsewhere. */
export const contentPolicy: Readonly<Record<string, string>> = {
  "Content-Security-Policy":
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
};

/** Of pages with somebody's session: they are of one person at one moment, and after signing out not even "back" shows them. */
export const keptNowhere = "no-store";
