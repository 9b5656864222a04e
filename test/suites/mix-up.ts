import { Readable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { nodeSession } from "../../runtime/http/node.js";
import type { ShopExchange } from "./adapter-shop.js";
import type { HostileSessions } from "./hostile-places.js";
import { type Listening, listen } from "./listen.js";
import type { Draw } from "./mutated-tokens.js";
import { openPiped, type PipedAnswer, type PipedConnection } from "./pipelined.js";

const cookieName = "__Host-session";

/** What the routes answer: whose session it is, by two fields that only that person's has together. */
function saysWho({ session }: ShopExchange): string {
  return `user ${session.userId} theme ${session.theme}`;
}

/** Logs a person in, reads, writes, takes its time, streams, fails, and changes the key: each answer says whose session it was. */
export async function mixUpRoute(path: string, exchange: ShopExchange): Promise<unknown> {
  const { session, reply, stream } = exchange;
  const [, act, user] = path.split("/");
  if (act === "login") session.update({ userId: Number(user), theme: `theme-${user}` });
  if (act === "visit") session.visits += 1;
  if (act === "slow") for (let turns = 0; turns < 5; turns += 1) await turn();
  if (act === "rekey") await session.cycleKey();
  if (act === "fail") throw new Error(saysWho(exchange));
  const who = saysWho(exchange);
  return act === "stream"
    ? stream(Readable.from([who.slice(0, 5), who.slice(5)].map((part) => Buffer.from(part))))
    : reply(200, who);
}

/** The same over node:http, for sessions of any place. */
export function serveMixUp(sessions: HostileSessions): Promise<Listening> {
  return listen(
    nodeSession(sessions, (request, response, session) =>
      mixUpRoute(request.url ?? "", {
        session,
        reply: (status, body) => response.writeHead(status).end(body),
        stream: (body) => body.pipe(response),
        redirect: () => undefined,
      }),
    ),
  );
}

/** What happened to people whose requests share connections. */
export interface MixUp {
  requests: number;
  /** Answers that named the person who asked. */
  own: number;
  /** Answers, and cookies, that were somebody else's. */
  foreign: number;
  /** 503, 500 and 409. */
  failed: number;
  killed: number;
  unanswered: number;
}

interface Person {
  readonly number: number;
  cookie: string | undefined;
}

/** Requests of so many people over so many connections, each of which carries those of all of them, and some of which are killed. */
export async function runMixUp(
  url: string,
  {
    people,
    connections,
    requests,
  }: { readonly people: number; readonly connections: number; readonly requests: number },
  draw: Draw,
): Promise<MixUp> {
  const seen: MixUp = { requests: 0, own: 0, foreign: 0, failed: 0, killed: 0, unanswered: 0 };
  const everyone = Array.from({ length: people }, (_, number): Person => ({ number, cookie: undefined }));
  const owners = new Map<string, number>();
  const work = async (): Promise<void> => {
    let connection = openPiped(url);
    while (seen.requests < requests) {
      if (connection.isClosed) connection = openPiped(url);
      const asking = Array.from({ length: 1 + draw(20) }, () => everyone[draw(people)]).filter(
        (one) => one !== undefined,
      );
      seen.requests += asking.length;
      const answers = await askAll(connection, asking, draw, seen);
      seen.unanswered += asking.length - answers.length;
      for (const [index, answer] of answers.entries()) note(answer, asking[index], owners, seen);
    }
    connection.kill();
  };
  await Promise.all(Array.from({ length: connections }, work));
  return seen;
}

const acts = ["me", "me", "me", "visit", "visit", "slow", "stream", "rekey"];
const failing = "fail";

async function askAll(
  connection: PipedConnection,
  asking: readonly Person[],
  draw: Draw,
  seen: MixUp,
): Promise<readonly PipedAnswer[]> {
  const asked = connection.ask(
    asking.map(({ number, cookie }) =>
      cookie === undefined
        ? { path: `/login/${number}` }
        : {
            path: `/${draw(60) === 0 ? failing : acts[draw(acts.length)]}`,
            cookie: `${cookieName}=${cookie}`,
          },
    ),
  );
  if (draw(25) === 0) {
    seen.killed += 1;
    for (let turns = draw(6); turns > 0; turns -= 1) await turn();
    connection.kill();
  }
  return asked;
}

function note(
  answer: PipedAnswer,
  person: Person | undefined,
  owners: Map<string, number>,
  seen: MixUp,
): void {
  if (person === undefined) return;
  const { status, body, setCookie } = answer;
  for (const line of setCookie) {
    const value = line.slice(line.indexOf("=") + 1, line.indexOf(";"));
    const owner = owners.get(value) ?? person.number;
    if (owner !== person.number) seen.foreign += 1;
    owners.set(value, owner);
    person.cookie = value;
  }
  const own = `user ${person.number} theme theme-${person.number}`;
  const anonymous = "user undefined theme undefined";
  if (status !== 200) seen.failed += 1;
  else if (body === own) seen.own += 1;
  // Its key was changed by a request whose answer was lost, or is on its way.
  else if (body === anonymous) person.cookie = undefined;
  // Also in what a framework says of an error.
  const named = [...body.matchAll(/user \d+ theme theme-\d+/g)].map(([who]) => who);
  if (named.some((who) => who !== own)) seen.foreign += 1;
}
