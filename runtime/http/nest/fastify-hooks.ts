import type { FastifyInstance } from "fastify";
import type { CsrfRule } from "../csrf/csrf-rule.js";
import { forbidReply, passesFastifyCsrf } from "../csrf/fastify-check.js";
import type { SessionsForAdapters } from "../exchange.js";
import { readSlot } from "../request-slot.js";

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
    });
  }
  if (rule === null) return;
  fastify.addHook("preValidation", (request, reply, next) => {
    if (passesFastifyCsrf(request, readSlot(request.raw, slot), rule)) next();
    else forbidReply(reply);
  });
}
