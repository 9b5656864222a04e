import type { FastifyRequest } from "fastify";
import type { CsrfRule } from "../../transport/csrf/csrf-rule.js";
import { CSRF_HEADER, csrfFieldOf, hasCsrfToken } from "../../transport/csrf/token.js";
import { judgeNodeRequest } from "./node-check.js";

/** Whether a request whose body was parsed may do what it asks for: what nothing told the origin of needs a token, in its header or in a form. */
export function passesFastifyCsrf(
  request: FastifyRequest,
  session: object | undefined,
  rule: CsrfRule,
): boolean {
  return (
    session === undefined ||
    judgeNodeRequest(request.raw, rule) === "pass" ||
    hasCsrfToken(session, request.headers[CSRF_HEADER], csrfFieldOf(request.body))
  );
}
