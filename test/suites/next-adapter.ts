import type { RequestListener } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { codeBlocks } from "../packages/code-blocks.js";
import { createNextProject } from "../packages/next-project.js";
import type { AdapterUnderTest } from "./adapter-shop.js";
import { answering } from "./fetch-adapters.js";
import { listen } from "./listen.js";

type Answer = (request: Request) => Promise<Response>;

/** What the Route Handler of the app finds by name: it is built apart from these tests, but runs in their process. */
const name = "session-gen: what the route of Next calls";

const route = `
  const answer = (request: Request): Promise<Response> =>
    Reflect.get(globalThis, Symbol.for("${name}"))(request);

  export const dynamic = "force-dynamic";
  export { answer as GET, answer as POST };
`;

/** By these Next tells a page from what its scripts ask for, and compresses. */
const ownVary: readonly string[] = [
  ...["rsc", "next-router-state-tree", "next-router-prefetch", "next-router-segment-prefetch"],
  "Accept-Encoding",
];

/** What Next exports for servers of one's own. */
type CreateNext = (options: { readonly dev: boolean; readonly dir: string }) => {
  prepare(): Promise<void>;
  getRequestHandler(): RequestListener;
  close(): Promise<void>;
};

/** An app of Next 16 that was built, and is running. */
export interface OpenedNext extends AsyncDisposable {
  readonly handle: RequestListener;
  /** What answers the requests that come to a host. */
  readonly answers: Map<string, Answer>;
}

/** Builds an app of Next whose one Route Handler calls back into this process, and starts it there. */
export async function openNext(): Promise<OpenedNext> {
  const project = createNextProject("16");
  for (const block of codeBlocks("docs/frameworks/next.md"))
    if (block.name === "session.schema.ts") project.write(block.name, block.text);
  project.write("app/[...path]/route.ts", route);
  await project.build("--turbopack");
  const createNext: CreateNext = createRequire(join(project.folder, "package.json"))("next");
  const next = createNext({ dev: false, dir: project.folder });
  await next.prepare();
  const answers = new Map<string, Answer>();
  Reflect.set(globalThis, Symbol.for(name), (request: Request) =>
    answers.get(request.headers.get("host") ?? "")?.(request),
  );
  return { handle: next.getRequestHandler(), answers, [Symbol.asyncDispose]: () => next.close() };
}

/** A Route Handler of Next that `fetchSession` wraps; all shops are in one app, each on a port of its own. */
export function nextAdapter(opened: () => OpenedNext): AdapterUnderTest {
  return {
    name: "next",
    ownVary,
    start: async (...shop) => {
      const { handle, answers } = opened();
      const server = await listen(handle);
      answers.set(new URL(server.url).host, answering(...shop));
      return server;
    },
  };
}
