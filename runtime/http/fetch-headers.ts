import type { HeaderList } from "./exchange.js";
import { mergedHeader, outranksCacheControl } from "./response-headers.js";

/** The status of a connection that goes on in another protocol: nothing of the response may change but its headers. */
const SWITCHING = 101;

/**
 * The response with a session's headers and this body. Always another one when something is added: the headers of one
 * may be immutable (`Response.redirect`), and an app may give the same one to everybody.
 */
export function withHeaders(
  response: Response,
  headers: HeaderList,
  body: ReadableStream<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer> | null,
): Response {
  const { status, statusText } = response;
  if (status === SWITCHING) return withCookies(response, headers);
  if (headers.length === 0 && body === response.body) return response;
  const merged = new Headers(response.headers);
  for (const [name, value] of headers) addHeader(merged, name, value);
  // Servers give bytes a Content-Length, beside which it is an error: Hono's helpers for streams set it.
  if (body instanceof Uint8Array) merged.delete("Transfer-Encoding");
  return new Response(body, { status, statusText, headers: merged });
}

/** Servers know a response that upgrades by itself, and nobody caches it. */
function withCookies(response: Response, headers: HeaderList): Response {
  for (const [name, value] of headers) {
    if (name === "Set-Cookie") response.headers.append(name, value);
  }
  return response;
}

function addHeader(headers: Headers, name: string, value: string): void {
  if (name === "Set-Cookie") {
    if (!headers.getSetCookie().includes(value)) headers.append(name, value);
    return;
  }
  if (name === "Cache-Control") {
    for (const outranking of [...headers.keys()].filter(outranksCacheControl)) headers.delete(outranking);
  }
  const present = headers.get(name);
  headers.set(name, present === null ? value : String(mergedHeader(name, value, present)));
}
