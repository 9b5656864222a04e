import { afterAll, beforeAll, expect, test } from "vitest";
import { createMemoryBackend } from "../../runtime/backends/memory.js";
import { nodeSession } from "../../runtime/http/node.js";
import { SessionError, type SessionsOptions } from "../../runtime/index.js";
import { type Listening, listen } from "../suites/listen.js";
import { openPiped } from "../suites/pipelined.js";
import { openShop } from "../suites/shop-kind.js";

type CookieOptions = NonNullable<SessionsOptions["cookie"]>;

const textOptions = ["name", "path", "domain", "sameSite", "priority"] as const;
const around = [
  ["", ""],
  ["a", ""],
  ["/", "a"],
  ["lax", ""],
] as const;
const codes = [
  ...Array.from({ length: 256 }, (_, code) => code),
  0x10d,
  0x2028,
  0x2029,
  0xfeff,
  0xff1b,
  0x1f36a,
];

/** Every option with every byte, and with some characters that stand for two, in different places. */
const tries: readonly CookieOptions[] = textOptions.flatMap((option) =>
  codes.flatMap((code) =>
    around.map(([before, after]) => {
      const text = before + String.fromCodePoint(code) + after;
      return { [option]: { env: "UNSET_IN_TESTS", default: text } };
    }),
  ),
);

/** The grammar of the header, by RFC 6265bis, with the attributes in our order. */
const grammar =
  /^[!#$%&'*+\-.^_`|~\w]+=[\w-]*; Max-Age=\d+(?:; Expires=[\w ,:]+)?; Path=\/[!$-:=@~\w]*(?:; Domain=[a-z\d.-]+)?; HttpOnly; Secure; SameSite=(?:Lax|Strict|None)(?:; Priority=(?:Low|Medium|High))?$/;

let server: Listening;
let current: ReturnType<typeof openShop>;
beforeAll(async () => {
  server = await listen((request, response) =>
    nodeSession(current, async (_, out, session) => {
      session.theme = "dark";
      if (request.url === "/out") await session.destroy();
      out.end("done");
    })(request, response),
  );
});
afterAll(() => server.close());

test(`no option puts a text of its own into a header: ${tries.length} tries`, async () => {
  const connection = openPiped(server.url);
  const seen = { refused: 0, sent: 0 };
  for (const cookie of tries) {
    try {
      current = openShop(createMemoryBackend(), { cookie });
      await current.ready();
    } catch (error) {
      expect(error).toBeInstanceOf(SessionError);
      expect(error).toMatchObject({ code: "config" });
      seen.refused += 1;
      continue;
    }
    const [given] = await connection.ask([{ path: "/in" }]);
    expect(given).toEqual({ status: 200, body: "done", setCookie: [expect.stringMatching(grammar)] });
    const [pair] = given?.setCookie[0]?.split(";") ?? [];
    const [taken] = await connection.ask([{ path: "/out", cookie: pair ?? "" }]);
    expect(taken).toEqual({ status: 200, body: "done", setCookie: [expect.stringMatching(grammar)] });
    seen.sent += 1;
  }
  connection.kill();
  expect(seen.refused + seen.sent).toBe(tries.length);
  expect(seen.sent).toBeGreaterThan(200);
});
