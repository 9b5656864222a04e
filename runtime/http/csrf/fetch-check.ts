import type { CsrfRule } from "../../transport/csrf/csrf-rule.js";
import { judgeRequest } from "../../transport/csrf/judge-request.js";
import { CSRF_FIELD, CSRF_HEADER, hasCsrfToken } from "../../transport/csrf/token.js";

/** What a form may measure that is read for its token; a larger one needs the header. */
const LARGEST_FORM = 100_000;

const FORM = /^\s*(?:application\/x-www-form-urlencoded|multipart\/form-data)\s*(?:;|$)/i;

/** A request that may be checked. */
export interface CsrfRequest {
  readonly incoming: Request;
  /** The form in its body, where something before may have read that. */
  readonly readForm?: () => Promise<FormData>;
}

/** Whether a `Request` may do what it asks for: by where it comes from, or by a token in its header or its form. Never rejects. */
export async function passesFetchCsrf(
  { incoming, readForm = () => incoming.clone().formData() }: CsrfRequest,
  session: object,
  rule: CsrfRule,
): Promise<boolean> {
  const { protocol, host, pathname, search } = new URL(incoming.url);
  const verdict = judgeRequest(
    {
      methods: [incoming.method],
      url: pathname + search,
      authority: host,
      isSecure: protocol === "https:",
      header: (name) => incoming.headers.get(name) ?? undefined,
    },
    rule,
  );
  if (verdict !== "token") return verdict === "pass";
  if (hasCsrfToken(session, incoming.headers.get(CSRF_HEADER))) return true;
  return hasCsrfToken(session, await fieldOf(incoming, readForm));
}

/** Of a copy, so that the handler can read the form. */
async function fieldOf({ headers }: Request, readForm: () => Promise<FormData>): Promise<unknown> {
  const length = Number(headers.get("content-length") ?? Number.NaN);
  if (!FORM.test(headers.get("content-type") ?? "") || !(length <= LARGEST_FORM)) return undefined;
  try {
    return (await readForm()).get(CSRF_FIELD);
  } catch {
    // Read already, or no form after all.
    return undefined;
  }
}
