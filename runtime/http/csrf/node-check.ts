import type { IncomingMessage } from "node:http";
import type { CsrfRule } from "../../transport/csrf/csrf-rule.js";
import {
  type CheckedRequest,
  isSafeMethod,
  judgeRequest,
  type Verdict,
} from "../../transport/csrf/judge-request.js";
import { CSRF_HEADER, csrfFieldOf, hasCsrfToken } from "../../transport/csrf/token.js";
import { readSlot, writeSlot } from "../request-slot.js";

/** Where a request keeps the method that it came with. */
const methodSlot = Symbol("method");

/** Keeps the method that a request came with, for a check that follows after something may have changed it. */
export function rememberMethod(request: IncomingMessage): void {
  if (!isSafeMethod(request.method)) writeSlot(request, methodSlot, request.method);
}

/** Where a request of node:http comes from. */
export function judgeNodeRequest(request: IncomingMessage, rule: CsrfRule): Verdict {
  return judgeRequest(toChecked(request), rule);
}

/** A request of node:http; and where a framework has one of its own, on which its parsers leave the body, that one. */
export type RequestForms = readonly [incoming: IncomingMessage, own?: object];

/** Whether a request may do what it asks for: by where it comes from, or by a token in its header or its parsed body. */
export function passesCsrf(forms: RequestForms, session: object, rule: CsrfRule): boolean {
  const [incoming, own = incoming] = forms;
  const verdict = judgeNodeRequest(incoming, rule);
  if (verdict !== "token") return verdict === "pass";
  const fields = [incoming, own].map((form) => csrfFieldOf(propertyOf(form, "body")));
  return hasCsrfToken(session, incoming.headers[CSRF_HEADER], ...fields);
}

function toChecked(request: IncomingMessage): CheckedRequest {
  const { headers } = request;
  const before = [readSlot(request, methodSlot), propertyOf(request, "originalMethod")];
  const url = propertyOf(request, "originalUrl") ?? request.url;
  return {
    methods: [request.method, ...before.filter((method) => method !== undefined)],
    url: String(url ?? ""),
    authority: String(headers[":authority"] ?? ""),
    isSecure: propertyOf(request.socket, "encrypted") === true,
    header: (name) => {
      const value = headers[name];
      return Array.isArray(value) ? value.join(", ") : value;
    },
  };
}

/** What frameworks add to a request. */
function propertyOf(object: object, name: string): unknown {
  return Reflect.get(object, name);
}
