import { nodeSession } from "@session-gen/runtime/node";
import { describe, expect, onTestFinished, test } from "vitest";
import { createCookieBackend } from "../../runtime/backends/cookie.js";
import { createJwtBackend } from "../../runtime/backends/jwt.js";
import { jsonCodec } from "../../runtime/codecs/json.js";
import { type Duration, openSealedSessions, type RevocableSessions } from "../../runtime/index.js";
import { randomText } from "../../runtime/platform/built-ins.js";
import type { SessionBackend } from "../../runtime/types/backend.js";
import type { SessionSeal } from "../../runtime/types/seal.js";
import { Session } from "../runtime/fixture/generated/index.js";
import { shape } from "../runtime/fixture/generated/shape.js";
import { checkWire } from "../runtime/fixture/generated/validate.js";
import { cookieHeader, cookieOf } from "../runtime/fixture/open.js";
import { isInstalled } from "../servers/installed.js";
import { startRedis } from "../servers/redis.js";
import type { TestServer } from "../servers/test-server.js";
import { clients, deadlineSeconds, freezeTest, freezeUnderLoad } from "../suites/faults/freeze.js";
import { aMoment, inParallel } from "../suites/faults/in-parallel.js";
import { createPlace } from "../suites/faults/place.js";
import { poisons } from "../suites/faults/poison.js";
import { patience, scale } from "../suites/faults/scale.js";
import { listen } from "../suites/listen.js";

type SealedSessions = RevocableSessions<Session>;

const keys = randomText(32);
const seals: Readonly<Record<string, (cookieName: string) => SessionSeal>> = {
  cookie: (cookieName) => createCookieBackend({ keys, cookieName }),
  jwt: (cookieName) => createJwtBackend({ algorithm: "HS256", keys, cookieName }),
};

describe.skipIf(!isInstalled("redis")).each(Object.entries(seals))(
  "%s with a revocation on Redis",
  (name, createSeal) => {
    test(
      `revives nothing in ${scale.logouts} logouts that writers, touchers and rotations race`,
      async () => {
        const { sessions } = await openOnRedis(createSeal, "20s");
        const revived = await inParallel(scale.logouts, 16, (round) => raceLogout(sessions, round));
        expect(revived.filter((what) => what !== null)).toEqual([]);
      },
      patience,
    );

    test(`tokens that cannot be read, in ${poisons.length} ways, give each user one fresh session`, async () => {
      const { sessions } = await openOnRedis(createSeal);
      const seal = createSeal("__Host-session");
      for (const [way, spoil] of poisons) {
        const record = await seal.open(await newToken(sessions), Date.now());
        if (record === null) throw new Error("it opens nothing");
        const stored = { ...record, revision: 1, writeId: "", indexed: {} };
        const fresh = await sessions.fromCookie(
          cookieHeader(await seal.seal({ ...record, ...spoil(stored) })),
        );
        expect([way, fresh.isNew, fresh.visits]).toEqual([way, true, 0]);
        fresh.visits += 1;
        expect(cookieOf(await sessions.commit(fresh)), way).not.toBeNull();
        expect(await sessions.load(fresh.key ?? ""), way).toMatchObject({ visits: 1 });
      }
    });

    freezeTest(`the revocation of a ${name}`, async () => {
      const { sessions, server } = await openOnRedis(createSeal, deadlineSeconds);
      const tokens = await Promise.all(Array.from({ length: clients }, () => newToken(sessions)));
      const app = await listen(
        nodeSession(sessions, (_request, response, session) => void response.end(String(session.visits))),
      );
      const samples = await freezeUnderLoad({ name, server, app, keys: tokens });
      // Never anonymous, whatever becomes of the server.
      expect(new Set(samples.map(({ status, body }) => (status === 200 ? body : "")))).toEqual(
        new Set(["3", ""]),
      );
    });
  },
);

/** Of a server of its own. */
async function openOnRedis(
  createSeal: (cookieName: string) => SessionSeal,
  deadline: Duration = "2s",
): Promise<{ readonly sessions: SealedSessions; readonly server: TestServer }> {
  const server = await startRedis();
  onTestFinished(() => server.stop());
  const revocation: SessionBackend = await createPlace("redis", server.url);
  onTestFinished(() => revocation.close?.());
  const codec = jsonCodec(shape);
  const kind = { name: "session", Session, shape, shapeHash: "3395ceac559d3fe8", checkWire, codec };
  const options = { clock: Date.now, deadline, logger: { warn: () => {} } } as const;
  return { sessions: openSealedSessions<Session>(kind, options, createSeal, () => revocation), server };
}

async function newToken(sessions: SealedSessions): Promise<string> {
  return sessions.create({ userId: 1, visits: 3 }).ensureKey();
}

const rivals: readonly ((session: Session) => Promise<unknown>)[] = [
  (session) => {
    session.visits += 1;
    return session.save();
  },
  (session) => session.touch(),
  (session) => session.cycleKey(),
];

/** `null`, or that a token opens something though its session was ended. */
async function raceLogout(sessions: SealedSessions, round: number): Promise<string | null> {
  const key = await newToken(sessions);
  const all = await Promise.all([1, 2, 3].map(() => sessions.open(key)));
  const [leaving, ...others] = all;
  const rival = rivals[round % rivals.length];
  if (leaving === undefined || rival === undefined) return "no race";
  const { handle } = leaving;
  const writes = others.map(async (session) => {
    await aMoment(2);
    await rival(session).catch((error: unknown) => expect(error).toMatchObject({ code: "gone" }));
  });
  await aMoment(2);
  if (round % 2 === 0) await leaving.destroy();
  else await sessions.revoke({ handle: handle ?? "" });
  await Promise.all(writes);
  const tokens = [...new Set([key, ...all.map((session) => session.key)])];
  const open = await Promise.all(tokens.map((token) => (token === null ? null : sessions.load(token))));
  const alive = open.filter((session) => session !== null).length;
  return alive === 0
    ? null
    : `round ${round}, rival ${round % rivals.length}: ${alive} of ${tokens.length} open`;
}
