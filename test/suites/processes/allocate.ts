import { createMemoryBackend } from "@session-gen/runtime/backends/memory";
import type { Session } from "../../../bench/example/generated/index.js";
import { openExample } from "../../../bench/http/example.js";

/**
 * Prints what a request allocates, in bytes, that only reads its session and that changes it: the growth of the heap over so
 * many requests, in which nothing is collected. Needs `--expose-gc`, a young generation that holds all of it, and
 * `--no-opt`, since optimized code leaves out allocations as it pleases.
 */
const requests = 5000;

const { sessions, cookies } = await openExample(createMemoryBackend(), { count: 100 });

const read = (session: Session): void => void session.visits;
const change = (session: Session): void => {
  session.visits += 1;
};

// What is allocated once, at the first requests, is no request's.
for (const use of [read, change, read, change]) serve(use, 500);
console.log(JSON.stringify({ read: allocatedBy(read), change: allocatedBy(change) }));

function allocatedBy(use: (session: Session) => void): number {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  serve(use, requests);
  return Math.round((process.memoryUsage().heapUsed - before) / requests);
}

function serve(use: (session: Session) => void, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const session = sessions.openNow(cookies[index % cookies.length]);
    if (session instanceof Promise) throw new Error("Memory was not asked directly.");
    use(session);
    const headers = sessions.commitNow(session, { status: 200 });
    if (headers instanceof Promise) throw new Error("Memory was not written directly.");
  }
}
