import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** Stands between clients and a PostgreSQL, as PgBouncer does in transaction mode without prepared statements. */
export interface PostgresPooler {
  /** The url of the server, by way of the pooler. */
  urlOf(serverUrl: string): string;
  close(): Promise<void>;
}

/**
 * Gives every transaction the server connection whose turn it is, of a few that all clients share. It takes statements
 * outside of transactions only, and clients that send nothing before the last answer is there.
 */
export async function startPostgresPooler(serverPort: number, size = 2): Promise<PostgresPooler> {
  const servers: ServerSide[] = [];
  const sockets = new Set<Socket>();
  let turn = 0;
  const listening = createServer((client) => {
    sockets.add(client.setNoDelay().on("error", () => {}));
    let sent = Buffer.alloc(0);
    client.on("data", async (piece) => {
      sent = Buffer.concat([sent, piece]);
      // The first message is the startup, which has no letter.
      if (servers.length < size) {
        const startup = sent;
        sent = Buffer.alloc(0);
        while (servers.length < size) servers.push(await openServerSide(serverPort, startup));
        client.write(servers[0]?.greeting ?? "");
      } else if (sent.readInt32BE(0) === sent.length && sent.readInt32BE(4) === 196_608) {
        sent = Buffer.alloc(0);
        client.write(servers[0]?.greeting ?? "");
      } else if (isWhole(sent)) {
        const request = sent;
        sent = Buffer.alloc(0);
        turn += 1;
        const server = servers[turn % size];
        if (server !== undefined) client.write(await server.ask(request));
      }
    });
  }).listen(0, "127.0.0.1");
  await once(listening, "listening");
  const address = listening.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    urlOf: (serverUrl) => serverUrl.replace(`:${serverPort}`, `:${port}`),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      for (const server of servers) server.end();
      listening.close();
    },
  };
}

interface ServerSide {
  /** What the server says to a new client. */
  readonly greeting: Buffer;
  /** Its answer; one request after the other. */
  ask(request: Buffer): Promise<Buffer>;
  end(): void;
}

async function openServerSide(port: number, startup: Buffer): Promise<ServerSide> {
  const socket = connect(port, "127.0.0.1").setNoDelay();
  await once(socket, "connect");
  let last: Promise<unknown> = Promise.resolve();
  const send = async (request: Buffer): Promise<Buffer> => {
    socket.write(request);
    let answer = Buffer.alloc(0);
    while (lastLetter(answer) !== "Z") {
      const [piece]: Buffer[] = await once(socket, "data");
      answer = Buffer.concat([answer, piece ?? Buffer.alloc(0)]);
    }
    return answer;
  };
  const ask = (request: Buffer): Promise<Buffer> => {
    const answer = last.then(() => send(request));
    last = answer;
    return answer;
  };
  return { greeting: await ask(startup), ask, end: () => socket.destroy() };
}

/** Whether it ends with what is answered: a Sync or a simple query. */
function isWhole(request: Buffer): boolean {
  return ["S", "Q"].includes(lastLetter(request));
}

/** The letter of the last message, when that is there to its end. */
function lastLetter(messages: Buffer): string {
  let letter = "";
  let at = 0;
  while (at + 5 <= messages.length) {
    letter = String.fromCharCode(messages[at] ?? 0);
    at += 1 + messages.readInt32BE(at + 1);
  }
  return at === messages.length ? letter : "";
}
