import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { nodeSession } from "../../runtime/http/node.js";
import { sharedServer } from "../servers/shared-server.js";
import { openRaw } from "../suites/adapter-client.js";
import { hostilePlaces } from "../suites/hostile-places.js";
import { type Listening, listen } from "../suites/listen.js";
import { openPiped, type PipedAnswer, type PipedConnection } from "../suites/pipelined.js";

const redis = await sharedServer("redis");
const name = "__Host-session";

describe.each(Object.entries(hostilePlaces))("cookies that nobody was given, on %s", (_name, open) => {
  let server: Listening;
  let connection: PipedConnection;
  let mine: string;
  let other: string;

  beforeEach(async () => {
    const sessions = open(redis);
    server = await listen(
      nodeSession(sessions, async (request, response, session) => {
        const [, act, user] = (request.url ?? "").split("/");
        if (act === "login") session.userId = Number(user);
        if (act === "theme") session.theme = String(user);
        if (act === "logout") await session.destroy();
        response.end(
          act === "plain" ? "plain" : act === "logout" ? "out" : `${session.userId} ${session.theme}`,
        );
      }),
    );
    connection = openPiped(server.url);
    [mine, other] = [await signIn(1), await signIn(2)];
  });
  afterEach(() => server.close());

  const ask = async (path: string, cookie?: string): Promise<PipedAnswer> => {
    const [answer] = await connection.ask([cookie === undefined ? { path } : { path, cookie }]);
    if (answer === undefined) throw new Error("There was no answer.");
    return answer;
  };
  const given = ({ setCookie }: PipedAnswer): string => /=([^;]*)/.exec(setCookie[0] ?? "")?.[1] ?? "";
  const signIn = async (user: number, cookie?: string): Promise<string> =>
    given(await ask(`/login/${user}`, cookie));

  it("are read past, or refused together, however they are put", async () => {
    const key = "x".repeat(43);
    const cases: readonly (readonly [header: string, who: string])[] = [
      [`${name}=${mine}`, "1"],
      [`${name}=garbage; ${name}=${mine}`, "1"],
      [`${name}=${mine}; ${name}=`, "1"],
      [`${name}=${key}; ${name}=${mine}`, "1"],
      [`${name}=${mine}; ${name}=${mine}`, "1"],
      [`${name}=${mine}; ${name}=${other}`, "undefined"],
      [`${name}=${other}; a=b; ${name}=${mine}`, "undefined"],
      [`${Array.from({ length: 19 }, () => `${name}=junk`).join("; ")}; ${name}=${mine}`, "1"],
      [`${Array.from({ length: 20 }, () => `${name}=junk`).join("; ")}; ${name}=${mine}`, "undefined"],
      [`${name.toLowerCase()}=${mine}`, "undefined"],
      [`x${name}=${mine}; ${name}x=${mine}; y=${name}=${mine}`, "undefined"],
      [`${name} = ${mine}`, "1"],
      [`${name}="${mine}"`, "1"],
      [`${name}="${mine}`, "undefined"],
      [`${name}=${mine}%20`, "undefined"],
      [`${name}=${mine},${name}=${other}`, "undefined"],
      [`${name};${name}=${mine}`, "1"],
      [";;;=;==;", "undefined"],
      [`${name}=${mine}; ${"a=b; ".repeat(900)}`, "1"],
      ["\xff\xfe=\x80", "undefined"],
    ];
    for (const [header, who] of cases) {
      const { status, body, setCookie } = await ask("/who", header);
      expect([header.slice(0, 80), status, body, setCookie]).toEqual([
        header.slice(0, 80),
        200,
        `${who} undefined`,
        [],
      ]);
    }
  });

  it("of any length are answered without a session and without a fault", async () => {
    for (const length of [1, 42, 44, 63, 64, 100, 1_000, 4_096, 8_192, 8_193, 15_000]) {
      for (const letter of ["A", ".", "-", "%", "="]) {
        const answer = await ask("/who", `${name}=${letter.repeat(length)}`);
        expect(answer).toEqual({ status: 200, body: "undefined undefined", setCookie: [] });
      }
    }
  });

  it("with what HTTP does not allow never reach the app", async () => {
    for (const code of [0, 1, 7, 10, 11, 13, 27, 127]) {
      const raw = await openRaw(
        server.url,
        `GET /who HTTP/1.1\r\nHost: a\r\nConnection: close\r\nCookie: ${name}=${mine}${String.fromCharCode(code)}\r\n\r\n`,
      );
      const received = await raw.until((text) => text.includes("\r\n\r\n"));
      const [, status] = /^HTTP\/1\.1 (\d+)/.exec(received) ?? [];
      raw.socket.destroy();
      expect([code, status]).toSatisfy(([, said]) => said === "400" || (said === "200" && code === 127));
    }
  });

  it("are no way to plant a session: whoever signs in gets a key that nobody else knew", async () => {
    const planted = given(await ask("/theme/planted"));
    for (const before of [planted, "x".repeat(43), "short", `${planted}x`]) {
      const after = await signIn(7, `${name}=${before}`);
      expect(after).not.toBe(before);
      expect((await ask("/who", `${name}=${after}`)).body).toContain("7 ");
      // What the planter has shows nothing of the login; a sealed one is what it was.
      expect((await ask("/who", `${name}=${before}`)).body).toMatch(/^undefined /);
      expect((await ask("/plain", `${name}=${before}`)).setCookie).toEqual([]);
    }
  });

  it("of a session that has ended open nothing, in no spelling", async () => {
    await ask("/logout", `${name}=${mine}`);
    for (const spelling of [mine, `"${mine}"`, ` ${mine} `, `${mine}=`, encodeURIComponent(mine)]) {
      const answer = await ask("/who", `${name}=${spelling}`);
      expect(answer).toEqual({ status: 200, body: "undefined undefined", setCookie: [] });
    }
    expect((await ask("/who", `${name}=${other}`)).body).toBe("2 undefined");
  });
});
