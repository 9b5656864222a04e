import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A browser of one site: it keeps cookies, and sends them. */
export interface Browser {
  readonly cookies: Map<string, string>;
  get(path: string, init?: RequestInit): Promise<Response>;
}

/** A browser, with the cookies of another one if given; over plain HTTP it takes secure cookies as localhost does. */
export function createBrowser(url: string, known: Iterable<readonly [string, string]> = []): Browser {
  const cookies = new Map(known);
  const get = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = new Headers(init.headers);
    if (cookie !== "" && !headers.has("cookie")) headers.set("cookie", cookie);
    const response = await fetch(new URL(path, url), { redirect: "manual", ...init, headers });
    for (const line of response.headers.getSetCookie()) keep(cookies, line);
    return response;
  };
  return { cookies, get };
}

function keep(cookies: Map<string, string>, line: string): void {
  const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
  if (/; Max-Age=0;/.test(line)) cookies.delete(name);
  else cookies.set(name, value);
}

/** A connection on which a test writes requests by hand. */
export interface RawConnection {
  readonly socket: Socket;
  /** What has come so far. */
  received(): string;
  /** Resolves when what has come satisfies the test; rejects when the server closes before. */
  until(isEnough: (received: string) => boolean): Promise<string>;
}

/** Connects and sends text as it stands. */
export async function openRaw(url: string, text: string): Promise<RawConnection> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  await once(socket, "connect");
  let received = "";
  socket.setEncoding("latin1");
  socket.on("error", () => undefined);
  socket.on("data", (chunk) => {
    received += String(chunk);
  });
  socket.write(text);
  const until = async (isEnough: (received: string) => boolean): Promise<string> => {
    while (!isEnough(received)) {
      if (socket.closed || socket.readableEnded) throw new Error(`The server closed after: ${received}`);
      await Promise.race([once(socket, "data"), once(socket, "close")]);
    }
    return received;
  };
  return { socket, received: () => received, until };
}

/** Lets everything that is ready happen: what has not come by then is being held back. */
export async function settleDown(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
