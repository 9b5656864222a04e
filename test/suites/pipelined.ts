import { connect, type Socket } from "node:net";

/** What a server answered to one of several requests on a connection. */
export interface PipedAnswer {
  readonly status: number;
  readonly body: string;
  readonly setCookie: readonly string[];
}

/** A connection on which requests follow each other without waiting, as a proxy may send those of many people. */
export interface PipedConnection {
  /** Sends one GET for each; the answers in their order, fewer when the connection ends before. */
  ask(requests: readonly PipedRequest[]): Promise<readonly PipedAnswer[]>;
  /** Ends it at once, in the middle of whatever is under way. */
  kill(): void;
  readonly isClosed: boolean;
}

/** A request. The value of its Cookie header is sent byte by byte (latin1). */
export interface PipedRequest {
  readonly path: string;
  readonly cookie?: string;
}

/** Connects to a server of this machine. Never rejects: what cannot be sent is not answered. */
export function openPiped(url: string): PipedConnection {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  const answers = new AnswerReader(socket);
  return {
    ask(requests) {
      socket.write(requests.map(toText).join(""), "latin1");
      return answers.take(requests.length);
    },
    kill: () => void socket.destroy(),
    get isClosed() {
      return socket.destroyed;
    },
  };
}

function toText({ path, cookie }: PipedRequest): string {
  const header = cookie === undefined ? "" : `Cookie: ${cookie}\r\n`;
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${header}\r\n`;
}

class AnswerReader {
  readonly #socket: Socket;
  #received = "";
  #taken: PipedAnswer[] = [];
  #wanted = 0;
  #deliver: (answers: readonly PipedAnswer[]) => void = () => undefined;

  constructor(socket: Socket) {
    this.#socket = socket.setEncoding("latin1").on("error", () => undefined);
    socket.on("data", (chunk) => {
      this.#received += String(chunk);
      this.#read();
    });
    socket.on("close", () => this.#finish());
  }

  take(wanted: number): Promise<readonly PipedAnswer[]> {
    return new Promise((resolve) => {
      this.#wanted = wanted;
      this.#taken = [];
      this.#deliver = resolve;
      if (this.#socket.destroyed) this.#finish();
    });
  }

  #read(): void {
    let at = 0;
    for (;;) {
      const end = this.#received.indexOf("\r\n\r\n", at);
      if (end < 0) break;
      const head = this.#received.slice(at, end);
      const body = bodyAt(this.#received, end + 4, head);
      if (body === null) break;
      this.#taken.push({
        status: Number(head.slice(9, 12)),
        body: body.text,
        setCookie: [...head.matchAll(/\r\nset-cookie: ([^\r]*)/gi)].map(([, line = ""]) => line),
      });
      at = body.end;
    }
    this.#received = this.#received.slice(at);
    if (this.#taken.length >= this.#wanted) this.#finish();
  }

  #finish(): void {
    this.#deliver(this.#taken);
  }
}

interface Body {
  readonly text: string;
  readonly end: number;
}

/** The body that begins there; `null` when it has not come as a whole. */
function bodyAt(received: string, start: number, head: string): Body | null {
  if (/\r\ntransfer-encoding: chunked/i.test(head)) return chunkedAt(received, start);
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
  const end = start + length;
  return received.length < end ? null : { text: received.slice(start, end), end };
}

function chunkedAt(received: string, start: number): Body | null {
  let text = "";
  for (let at = start; ; ) {
    const lineEnd = received.indexOf("\r\n", at);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(received.slice(at, lineEnd), 16);
    const end = lineEnd + 2 + size;
    if (received.length < end + 2) return null;
    if (size === 0) return { text, end: end + 2 };
    text += received.slice(lineEnd + 2, end);
    at = end + 2;
  }
}
