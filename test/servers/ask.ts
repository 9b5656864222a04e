import { once } from "node:events";
import { connect } from "node:net";

/** Sends a line to a port of this machine; resolves when the answer begins as expected, rejects when not. */
export async function ask(port: number, line: string, expected: string): Promise<void> {
  const socket = connect(port, "127.0.0.1").setTimeout(1000, () => socket.destroy(new Error("no answer")));
  // A server that hangs up sends no data, and is no error of the socket.
  socket.on("end", () => socket.destroy(new Error("no answer")));
  try {
    await once(socket, "connect");
    socket.write(`${line}\r\n`);
    const [answer] = await once(socket, "data");
    if (!String(answer).startsWith(expected)) throw new Error(`The server answered ${String(answer)}`);
  } finally {
    socket.destroy();
  }
}
