/**
 * What a proxy answers to let Next go on with the request: the header is Next's own agreement with whoever stands before it,
 * as `NextResponse.next()` and Vercel's `next()` write it.
 */
export function goOn(): Response {
  return new Response(null, { headers: { "x-middleware-next": "1" } });
}

/** The answer, by which Next goes on with the request as the client will send it when it has the cookies of this answer. */
export function withCookiesOf(request: Request, response: Response): Response {
  const cookies = response.headers.getSetCookie();
  if (!response.headers.has("x-middleware-next") || cookies.length === 0) return response;
  const sent = new Headers(request.headers);
  sent.set("cookie", mergeCookies(sent.get("cookie") ?? "", cookies));
  const headers = new Headers(response.headers);
  for (const [name, value] of sent) headers.set(`x-middleware-request-${name}`, value);
  headers.set("x-middleware-override-headers", [...sent.keys()].join(","));
  return new Response(null, { headers });
}

function mergeCookies(header: string, cookies: readonly string[]): string {
  const changed = new Map(cookies.map((cookie) => [nameOf(cookie), cookie] as const));
  const kept = header.split(";").filter((pair) => pair.trim() !== "" && !changed.has(nameOf(pair)));
  const set = [...changed.values()].filter((cookie) => !cookie.includes("; Max-Age=0;"));
  return [...kept.map((pair) => pair.trim()), ...set.map((cookie) => cookie.split(";", 1)[0])].join("; ");
}

function nameOf(pair: string): string {
  return pair.split("=", 1)[0]?.trim() ?? "";
}
