import { createHash } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { nodeSession } from "../../runtime/http/node.js";
import { sharedServer } from "../servers/shared-server.js";
import { COOKIE_NAME } from "../suites/adapter-shop.js";
import { isNightly, patience } from "../suites/faults/scale.js";
import { hostilePlaces } from "../suites/hostile-places.js";
import { type Listening, listen } from "../suites/listen.js";
import { mutate, seededDraw } from "../suites/mutated-tokens.js";
import { openPiped } from "../suites/pipelined.js";

const redis = await sharedServer("redis");
const places = Object.entries(hostilePlaces);
const count = Math.ceil((isNightly ? 1_000_000 : 20_000) / places.length);
const batch = 50;

let server: Listening | undefined;
afterEach(() => server?.close());

test.each(places)(
  `of ${count} mutated tokens none opens a session, and none is answered with an error: %s`,
  async (name, open) => {
    const sessions = open(redis);
    server = await listen(nodeSession(sessions, (_, response, { userId }) => response.end(`user ${userId}`)));
    const [token, other] = await Promise.all([1, 2].map((userId) => sessions.create({ userId }).ensureKey()));
    if (token === undefined || other === undefined) throw new Error("There is no token.");
    const connection = openPiped(server.url);
    const ask = (tokens: readonly string[]) =>
      connection.ask(tokens.map((one) => ({ path: "/", cookie: `${COOKIE_NAME}=${one}` })));
    const [valid] = await ask([token]);
    expect(valid?.body).toBe("user 1");

    const stored = createHash("sha256").update(`session\0${token}`).digest("base64url");
    const draw = seededDraw(isNightly ? Date.now() : 1);
    const seen = { tried: 0, accepted: 0, cookies: 0, statuses: new Map<number, number>() };
    while (seen.tried < count) {
      const size = Math.min(batch, count - seen.tried);
      const tokens = Array.from({ length: size }, () => mutate(token, other, draw));
      if (seen.tried === 0) tokens[0] = stored;
      const answers = await ask(tokens);
      expect(answers).toHaveLength(size);
      for (const { status, body, setCookie } of answers) {
        seen.tried += 1;
        seen.statuses.set(status, (seen.statuses.get(status) ?? 0) + 1);
        if (body !== "user undefined") seen.accepted += 1;
        seen.cookies += setCookie.length;
      }
    }
    connection.kill();
    console.info(`${name}: ${seen.tried} mutated tokens, ${seen.accepted} accepted`);
    expect(seen).toEqual({ tried: count, accepted: 0, cookies: 0, statuses: new Map([[200, count]]) });
  },
  patience,
);
