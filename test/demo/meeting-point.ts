import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse, request as send } from "node:http";

/** A proxy in front of a shop. */
export interface MeetingPoint {
  readonly origin: string;
  close(): void;
}

/**
 * Lets the forms of two tabs meet in the server: it has read the headers of both, and so has loaded the session for
 * both, before it gets the body of either. Without it, one is over before the other one comes.
 */
export async function openMeetingPoint(shopOrigin: string): Promise<MeetingPoint> {
  const waiting: (() => void)[] = [];
  const meet = (proceed: () => void): void => {
    waiting.push(proceed);
    if (waiting.length === 2) for (const go of waiting.splice(0)) go();
  };
  const server = createServer((incoming, outgoing) => {
    const isForm = incoming.method === "POST" && incoming.url === "/cart/add";
    const expect = isForm ? { expect: "100-continue" } : {};
    const headers = { ...incoming.headers, ...expect };
    const { method = "GET", url = "/" } = incoming;
    const onward = send(new URL(url, shopOrigin), { method, headers }, (answer) => relay(answer, outgoing));
    onward.on("error", () => outgoing.destroy());
    if (isForm) onward.once("continue", () => meet(() => incoming.pipe(onward)));
    else incoming.pipe(onward);
  });
  await once(server.listen(0, "localhost"), "listening");
  const address = server.address();
  return {
    origin: `http://localhost:${typeof address === "object" ? address?.port : address}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function relay(answer: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
  answer.pipe(outgoing);
}
