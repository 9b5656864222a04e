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
  for (const [name, value] of headers) {
    const key = keys.get(name) ?? name;
    if (key === "cache-control") removeOutranking(reply);
    const present = reply.getHeader(key);
    // `header` alone would add to a Set-Cookie that is there.
    if (present !== undefined) reply.removeHeader(key);
    reply.header(key, present === undefined ? value : mergedHeader(name, value, present));
  }
}

/** As Fastify keeps them. To make each lower-case gives a new text, which takes longer to look up than to set. */
const keys: ReadonlyMap<string, string> = new Map(
  ["Set-Cookie", "Vary", "Cache-Control"].map((name) => [name, name.toLowerCase()]),
);

function removeOutranking(reply: FastifyReply): void {
  // A copy, and the dearest part of this.
  for (const name in reply.getHeaders()) if (outranksCacheControl(name)) reply.removeHeader(name);
}
