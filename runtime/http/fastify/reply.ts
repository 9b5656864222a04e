import type { FastifyReply } from "fastify";
import { answerTo, type HeaderList } from "../exchange.js";
import { mergedHeader, outranksCacheControl } from "../response-headers.js";

/** Gives a reply the status and the headers of the answer to a failure. */
export function prepareReply(reply: FastifyReply, error: unknown): void {
  const { status, headers } = answerTo(error);
  reply.code(status);
  removeOutranking(reply);
  for (const [name, value] of headers) reply.header(name, value);
}

/**
 * What a payload leaves to be sent once its status and headers are the reply's. Fastify takes those of a `Response` after all
 * hooks: too late to know what they say of the session, and in the place of what the session has to say.
 */
export function unwrapResponse(reply: FastifyReply, payload: unknown): unknown {
  // By its form: a server may have a class of its own. Fastify says that it is spent.
  if (!isResponse(payload) || payload.bodyUsed) return payload;
  reply.code(payload.status);
  for (const [name, value] of payload.headers) reply.header(name, value);
  return payload.body;
}

function isResponse(payload: unknown): payload is Response {
  return typeof payload === "object" && Object.prototype.toString.call(payload) === "[object Response]";
}

/** Whether a payload is sent piece by piece. */
export function isStream(payload: unknown): boolean {
  return typeof payload === "object" && payload !== null && !Buffer.isBuffer(payload);
}

/** Lets go of a payload that will not be sent. */
export function discard(payload: unknown): void {
  if (typeof payload !== "object" || payload === null) return;
  if ("destroy" in payload && typeof payload.destroy === "function") payload.destroy();
  else if (payload instanceof ReadableStream) void payload.cancel().catch(() => undefined);
  else if (isResponse(payload)) void payload.body?.cancel().catch(() => undefined);
}

/** Adds headers to those that a reply has, merged with them. */
export function appendHeaders(reply: FastifyReply, headers: HeaderList): void {
  if (headers.length === 0) return;
  // A copy, and the dearest part of this: asked for once.
  const present = reply.getHeaders();
  for (const [name, value] of headers) {
    if (name === "Cache-Control") removeOutranking(reply, present);
    const key = name.toLowerCase();
    const before = present[key];
    const merged = before === undefined ? value : mergedHeader(name, value, before);
    present[key] = merged;
    // `header` alone would add to a Set-Cookie that is there.
    if (before !== undefined) reply.removeHeader(name);
    reply.header(name, merged);
  }
}

function removeOutranking(reply: FastifyReply, present: object = reply.getHeaders()): void {
  for (const name in present) if (outranksCacheControl(name)) reply.removeHeader(name);
}
