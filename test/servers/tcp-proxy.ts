import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { freePort } from "./free-port.js";

/**
 * What happens to a request, as far as a proxy sees one: a piece of what a client sent.
 * `"lose"`: the server gets it, and the connection is cut when it answers, before the client has the answer.
 * `"silence"`: the server gets it, and the connection carries nothing more in either direction, though it stays open.
 * A number: what the server sends on this connection is held back so many milliseconds from now on.
 */
export type Treatment = "pass" | "lose" | "silence" | number;

/** Stands between clients and a server of this machine. */
export interface TcpProxy {
  readonly port: number;
  /** The url of the server, by way of the proxy. */
  urlOf(serverUrl: string): string;
  /** Decides about every request from now on; `"pass"` for all at the start. */
  treat(decide: (request: Buffer) => Treatment): void;
  /** Loses the answers to the next so many requests that match. Answers how many are still to come. */
  loseAnswers(count: number, matches?: (request: Buffer) => boolean): () => number;
  /** Cuts every connection that is open. */
  cut(): void;
  /** Whether new connections are refused; those that are open stay. */
  refuse(isRefusing: boolean): Promise<void>;
  close(): Promise<void>;
}

/** A proxy on a free port of this machine in front of another one. */
export async function startTcpProxy(serverPort: number): Promise<TcpProxy> {
  const port = await freePort();
  const sockets = new Set<Socket>();
  let decide: (request: Buffer) => Treatment = () => "pass";
  const accept = (client: Socket): void => {
    const server = connect(serverPort, "127.0.0.1");
    carry(client, server, (request) => decide(request));
    for (const socket of [client, server]) {
      sockets.add(socket.setNoDelay());
      socket.on("close", () => sockets.delete(socket));
    }
  };
  const listening = createServer(accept);
  const listen = async (): Promise<void> =>
    void (await once(listening.listen(port, "127.0.0.1"), "listening"));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const refuse = async (isRefusing: boolean): Promise<void> => {
    if (isRefusing === !listening.listening) return;
    // It stops listening at once; its callback would wait for the connections that stay.
    if (isRefusing) listening.close();
    else await listen();
  };
  await listen();
  return {
    port,
    urlOf: (serverUrl) => serverUrl.replace(`:${serverPort}`, `:${port}`),
    treat: (next) => {
      decide = next;
    },
    loseAnswers: (count, matches = () => true) => {
      let left = count;
      decide = (request) => {
        if (left === 0 || !matches(request)) return "pass";
        left -= 1;
        return "lose";
      };
      return () => left;
    },
    cut,
    refuse,
    close: async () => {
      await refuse(true);
      cut();
    },
  };
}

/** Carries both ways until one side ends or fails, which ends the other. */
function carry(client: Socket, server: Socket, decide: (request: Buffer) => Treatment): void {
  let state: Treatment = "pass";
  let lastAnswerAt = 0;
  const end = (): void => {
    client.destroy();
    server.destroy();
  };
  for (const socket of [client, server]) socket.on("error", end).on("close", end);
  client.on("data", (request: Buffer) => {
    if (state === "silence" || state === "lose") return;
    state = decide(request);
    server.write(request);
  });
  server.on("data", (answer: Buffer) => {
    if (state === "lose") end();
    if (state === "lose" || state === "silence") return;
    const now = performance.now();
    // Never before what was held back earlier.
    lastAnswerAt = Math.max(lastAnswerAt, now + (state === "pass" ? 0 : state));
    if (lastAnswerAt > now) setTimeout(() => client.write(answer), lastAnswerAt - now);
    else client.write(answer);
  });
}
