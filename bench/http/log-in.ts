import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";

/** The cookies that an app gives at a path, one for each of so many requests. */
export async function cookiesBy(
  listener: RequestListener,
  path: string,
  count: number,
): Promise<readonly string[]> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const cookies: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    await response.arrayBuffer();
    cookies.push(...response.headers.getSetCookie().map((line) => line.split(";")[0] ?? ""));
  }
  server.close();
  server.closeAllConnections();
  return cookies;
}
