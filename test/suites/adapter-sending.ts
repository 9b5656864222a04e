import { expect, it } from "vitest";
import { createBrowser, openRaw, settleDown } from "./adapter-client.js";
import { COOKIE_NAME, type Shop } from "./adapter-shop.js";

/** Nothing leaves before the session is stored, however it is sent and whoever goes away. */
export function sending(shop: () => Shop): void {
  const kinds: readonly (readonly [path: string, method: string, status: number, body: string])[] = [
    ["/theme", "GET", 200, "dark"],
    ["/theme", "HEAD", 200, ""],
    ["/stream", "GET", 200, "one two three"],
    ["/stream", "HEAD", 200, ""],
    ["/redirect", "GET", 302, ""],
    ["/no-content", "GET", 204, ""],
    ["/not-modified", "GET", 304, ""],
  ];

  it.each(kinds)("saves before the first byte leaves: %s by %s", async (path, method, status, body) => {
    let acknowledge = (): void => undefined;
    let reach = (): void => undefined;
    const reached = new Promise<void>((resolve) => {
      reach = resolve;
    });
    const waiting = new Promise<void>((resolve) => {
      acknowledge = resolve;
    });
    shop().plan.create = () => {
      reach();
      return { wait: waiting };
    };
    const connection = await openRaw(
      shop().url,
      `${method} ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
    );
    await reached;
    await settleDown();
    expect(connection.received()).toBe("");
    acknowledge();
    const received = await connection.until((text) => text.includes("\r\n\r\n"));
    expect(received).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(received).toMatch(/^set-cookie: __Host-session=[\w-]{43};/im);
    const again = createBrowser(shop().url, [
      [COOKIE_NAME, /__Host-session=([\w-]+)/.exec(received)?.[1] ?? ""],
    ]);
    const response = await again.get(path, { method });
    expect(response.status).toBe(status);
    if (status !== 302) expect(await response.text()).toBe(body);
  });

  it("leaves the app's own cookies beside that of the session", async () => {
    const response = await createBrowser(shop().url).get("/own-cookie");
    const names = response.headers.getSetCookie().map((line) => line.split("=")[0]);
    expect(names).toEqual(["own", COOKIE_NAME]);
  });

  it("serves one connection again and again, and pipelined requests in order", async () => {
    const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
    const connection = await openRaw(shop().url, get("/theme") + get("/plain") + get("/read"));
    const received = await connection.until((text) => text.endsWith("undefined"));
    expect(received.match(/(?<=\r\n\r\n)(?:dark|plain|undefined)/g)).toEqual(["dark", "plain", "undefined"]);
    expect(received.match(/^set-cookie: /gim)).toHaveLength(1);
    connection.socket.write(get("/theme"));
    await connection.until((text) => text.split("\r\n\r\ndark").length === 3);
    connection.socket.destroy();
  });

  it("takes no harm from clients that go away", async () => {
    let acknowledge = (): void => undefined;
    const waiting = new Promise<void>((resolve) => {
      acknowledge = resolve;
    });
    let reach = (): void => undefined;
    const reached = new Promise<void>((resolve) => {
      reach = resolve;
    });
    shop().plan.create = (call) => {
      reach();
      return call === 1 ? { wait: waiting } : "pass";
    };
    const connection = await openRaw(shop().url, "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    await reached;
    connection.socket.destroy();
    await settleDown();
    acknowledge();
    await settleDown();
    expect(await (await createBrowser(shop().url).get("/theme")).text()).toBe("dark");
  });
}
