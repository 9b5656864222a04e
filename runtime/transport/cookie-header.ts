import type { IncomingMessage } from "node:http";

/**
 * The `Cookie` header of a request of node:http. Read from the raw headers, so that Node does not have to make an
 * object of all headers for a handler that looks at none of them; several are joined as RFC 9113, 8.2.3 says.
 */
export function cookieHeaderOf(request: IncomingMessage): string | undefined {
  const { rawHeaders } = request;
  // A request made for a test may have no raw headers.
  if (rawHeaders === undefined || rawHeaders.length === 0) return request.headers.cookie;
  let header: string | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length !== 6 || name.toLowerCase() !== "cookie") continue;
    header = header === undefined ? rawHeaders[index + 1] : `${header}; ${rawHeaders[index + 1]}`;
  }
  return header;
}
