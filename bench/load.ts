import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Requests at a steady rate. */
export interface Load {
  readonly port: number;
  /** `Cookie` headers, used in turn. */
  readonly cookies: readonly string[];
  readonly connections: number;
  /** A second. */
  readonly rate: number;
  readonly requests: number;
}

/**
 * Sends GET requests over kept-alive connections at a steady rate, so that a slow server and a fast one are woken
 * equally often: under full load the faster one finds its peer busy, and its system calls are cheaper. Fulfilled
 * when all are answered; rejects at the first answer that is not 200.
 */
export async function sendLoad({ port, cookies, connections, rate, requests }: Load): Promise<void> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  const answered = countAnswers(sockets, requests);
  const start = performance.now();
  for (let sent = 0; sent < requests; ) {
    const due = Math.min(requests, Math.ceil(((performance.now() - start) / 1000) * rate));
    for (; sent < due; sent += 1) {
      const cookie = cookies[sent % cookies.length];
      sockets[sent % connections]?.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${cookie}\r\n\r\n`);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  await answered;
  for (const socket of sockets) socket.destroy();
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1").setNoDelay(true).setEncoding("latin1");
  await once(socket, "connect");
  return socket;
}

function countAnswers(sockets: readonly Socket[], expected: number): Promise<void> {
  let answers = 0;
  return new Promise((resolve, reject) => {
    for (const socket of sockets) {
      socket.on("error", reject);
      socket.on("data", (text: string) => {
        for (const [, status] of text.matchAll(/HTTP\/1\.1 (\d+)/g)) {
          if (status !== "200") reject(new Error(`a request was answered with ${status}`));
          answers += 1;
        }
        if (answers === expected) resolve();
      });
    }
  });
}
