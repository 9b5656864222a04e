import type { FastifyInstance } from "fastify";
import { type CsrfRule, csrfRefusal } from "../../transport/csrf/csrf-rule.js";
import { passesFastifyCsrf } from "../csrf/fastify-check.js";
import type { SessionsForAdapters } from "../exchange.js";
import { readSlot, refuseAssignment } from "../request-slot.js";

/** Where the middleware leaves what answers a failure of the request. */
export const failSlot: unique symbol = Symbol("fail");

/**
 * What Nest's middleware cannot do over Fastify, whose requests of node:http it is given before the body is parsed: the
 * session on Fastify's own request, and the check of a token in a form.
 */
export function addFastifyHooks(
  fastify: FastifyInstance,
  { name, slot }: Pick<SessionsForAdapters<unknown>, "name" | "slot">,
  rule: CsrfRule | null,
): void {
  for (const property of [name, slot]) {
    fastify.decorateRequest(property, {
      getter(): unknown {
        return readSlot(this.raw, slot);
      },
      setter: refuseAssignment,
    });
  }
  if (rule === null) return;
  fastify.addHook("preValidation", (request, reply, next) => {
    const fail = readSlot<(error: unknown) => void>(request.raw, failSlot);
    if (passesFastifyCsrf(request, readSlot(request.raw, slot), rule)) next();
    else if (fail === undefined) next(csrfRefusal());
    else {
      // The middleware holds the response of node:http, and knows `onError`.
      reply.hijack();
      fail(csrfRefusal());
    }
  });
}
