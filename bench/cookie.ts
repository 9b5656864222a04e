import { cipherCost } from "./http/cipher-cost.js";
import { chartOf, compare, processes, row } from "./http/compare.js";
import { type Chart, publish, type ResultRow } from "./results.js";

/**
 * The processor time that a session in an encrypted cookie costs a server for one request, beside other libraries and
 * AES-GCM by hand, measured in turn.
 */
const rounds = Number(process.argv[2] ?? 15);
const requests = Number(process.argv[3] ?? 6000);

/** About as many as ours seals of the example. */
const sealedBytes = 350;

const modes = [
  "AES-GCM by hand",
  "AES-GCM and HMAC by hand, in a plug-in",
  "ours in a cookie",
  "ours in a cookie, 20,000 clients",
  "ours in a cookie, JSON",
  "@fastify/secure-session",
  "iron-session",
] as const;

/** AES-GCM with an HMAC, hooks and our headers, which opens every cookie. */
const tagged = "AES-GCM and HMAC by hand, in a plug-in";
/** Ours where no cookie comes again soon. */
const asNew = "ours in a cookie, 20,000 clients";

const goals = [
  {
    other: "AES-GCM by hand",
    read: 0.95,
    change: 0.95,
    limit:
      "the row after the next is AES-GCM by hand with what ours adds to each token and answer: an HMAC over the whole token, which commits to the key and refuses forgeries before anything is decrypted, the headers that keep a response which used a session out of shared caches, and hooks around the handler. It opens every cookie and checks no field; ours finds out what has changed, checks it, and seals a handle, a kind, a tenant and two limits of its life too",
  },
  {
    other: "@fastify/secure-session",
    read: 1.15,
    change: 1.1,
    limit:
      "the row after the next is AES-GCM by hand with an HMAC, hooks and our headers; it opens every cookie and checks no field",
  },
  {
    other: "iron-session",
    read: 6,
    change: 6,
    limit:
      "the row after the next is AES-GCM by hand with an HMAC, hooks and our headers; it opens every cookie and checks no field",
  },
] as const;

const rows: ResultRow[] = [];
const charts: Chart[] = [];
for (const path of ["/", "/change"] as const) {
  const costs = await compare({ path, modes, url: "", rounds, requests, takesCookies: true });
  const use = path === "/" ? "read" : "change";
  const group = `A request that ${use}s its session in an encrypted cookie`;
  for (const { other, limit, ...goal } of goals) {
    rows.push(
      row(costs, "ours in a cookie", other, { group, atLeast: goal[use], limit }),
      row(costs, asNew, other, { group }),
      row(costs, tagged, other, { group }),
    );
  }
  rows.push(row(costs, "ours in a cookie, JSON", "@fastify/secure-session", { group }));
  const title = `A request that ${use}s its session, Fastify, ours in protobuf: processor time, less is better`;
  charts.push(chartOf(costs, { group, name: `cookie-${use}`, title }));
}
const primitivesGroup = "What node:crypto takes of it";
const primitives = cipherCost(sealedBytes, rounds);
rows.push(
  {
    ...{ what: `AES-256-GCM, ${sealedBytes} bytes`, against: "", unit: "µs", better: "less" },
    group: primitivesGroup,
    values: [...primitives.open],
  },
  {
    ...{ what: `HMAC-SHA256, ${sealedBytes} bytes`, against: "", unit: "µs", better: "less" },
    group: primitivesGroup,
    values: [...primitives.authenticate],
  },
);
publish("cookie", {
  title: "HTTP, encrypted cookie: processor time of the server for one request",
  conditions: [
    "The session and the load of the part above, always from bench/load.ts, whose clients take over the cookies that they are given; all under Fastify 5, cookies of 1 h with HttpOnly, Secure and SameSite=Lax.",
    `Each is measured in ${processes} processes, one after the other.`,
    "By hand: `node:crypto`, AES-256-GCM over JSON with its end of life, one key, base64url; with HMAC, in a plug-in: HMAC-SHA256 over all of it, checked first, in hooks before and after the handler, and our `Vary` and `Cache-Control`. @fastify/secure-session: a key of 32 bytes (no passphrase), `expiry` 1 h. iron-session: one password, `ttl` 1 h; it derives keys from the password at every request.",
    "1,000 clients in turn, or 20,000 where the name says so: a process of ours remembers some thousand sessions whose cookie came more than once, and in the place of each what a change has sealed, and opens none of these (docs/decisions/0045). The others open every cookie, also at a change.",
    "A change seals the session anew and sends it in Set-Cookie, and its client comes with that next time; a request that only reads sends none, in any of them.",
  ],
  rows,
  charts,
});
