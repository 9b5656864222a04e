import { once } from "node:events";
import { createServer } from "node:net";

/** Below the ports that this machine gives to outgoing connections, so that none of those takes it in between. */
const lowest = 12_000;
const highest = 31_999;
const taken = new Set<number>();

/** A port of this machine on which nobody listens, and which this process has not given out before. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (taken.has(port) || !(await isFree(port))) continue;
    taken.add(port);
    return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
    await new Promise((resolve) => server.close(resolve));
    return true;
  } catch {
    return false;
  }
}
