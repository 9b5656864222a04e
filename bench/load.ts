import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Requests to one server. */
export interface Load {
  readonly port: number;
  /** `/` when left out. */
  readonly path?: string;
  /** `Cookie` headers, one for each client, who take turns; an answer that sets one replaces it, as in a browser. */
  readonly cookies: string[];
  readonly connections: number;
  /** A second; `Infinity` sends the next request as soon as one is answered. */
  readonly rate: number;
  readonly requests: number;
  /** Whose turn it is first, as an index of `cookies`; 0 when left out. */
  readonly first?: number;
}

interface Answers {
  /** A request of this client has been sent over that connection. */
  expect(connection: number, client: number): void;
  /** Fulfilled when all have come; rejects at the first that is not 200. */
  readonly all: Promise<void>;
  soFar(): number;
}

/**
 * Sends GET requests over kept-alive connections, and waits for the answers; rejects at the first that is not 200.
 *
 * At a steady rate a slow server and a fast one are woken equally often. At full load the faster one finds its peer
 * busy, and its system calls are cheaper.
 */
export async function sendLoad({
  port,
  path = "/",
  cookies,
  connections,
  rate,
  requests,
  first = 0,
}: Load): Promise<void> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  const answers = hearAnswers(sockets, cookies, requests);
  const start = performance.now();
  for (let sent = 0; sent < requests; ) {
    const elapsed = (performance.now() - start) / 1000;
    const due = Number.isFinite(rate) ? Math.ceil(elapsed * rate) : answers.soFar() + connections;
    for (; sent < Math.min(due, requests); sent += 1) {
      const client = (first + sent) % cookies.length;
      const connection = sent % connections;
      answers.expect(connection, client);
      sockets[connection]?.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${cookies[client]}\r\n\r\n`,
      );
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  await answers.all;
  for (const socket of sockets) socket.destroy();
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1").setNoDelay(true).setEncoding("latin1");
  await once(socket, "connect");
  return socket;
}

function hearAnswers(sockets: readonly Socket[], cookies: string[], expected: number): Answers {
  let count = 0;
  const waiting = sockets.map((): number[] => []);
  const all = new Promise<void>((resolve, reject) => {
    for (const [connection, socket] of sockets.entries()) {
      // A busy machine lets answers pile up, and then one may be cut in two anywhere.
      let rest = "";
      socket.on("error", reject);
      socket.on("data", (text: string) => {
        rest += text;
        let end = 0;
        for (const [head, status] of rest.matchAll(/HTTP\/1\.1 (\d{3})[\s\S]*?\r\n\r\n/g)) {
          if (status !== "200") reject(new Error(`a request was answered with ${status}`));
          const client = waiting[connection]?.shift();
          const cookie = /\r\nset-cookie: ([^;\r]*)/i.exec(head)?.[1];
          if (client !== undefined && cookie !== undefined) cookies[client] = cookie;
          count += 1;
          end = rest.indexOf(head, end) + head.length;
        }
        rest = rest.slice(end);
        if (count === expected) resolve();
      });
    }
  });
  return {
    all,
    soFar: () => count,
    expect: (connection, client) => void waiting[connection]?.push(client),
  };
}
