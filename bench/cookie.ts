import { cipherCost } from "./http/cipher-cost.js";
import { chartOf, compare, row } from "./http/compare.js";
import { loadGenerator } from "./http/measure.js";
import { type Chart, publish, type ResultRow } from "./results.js";

/**
 * The processor time that a session in an encrypted cookie costs a server for one request, beside other libraries and
 * AES-GCM by hand, measured in turn.
 */
const rounds = Number(process.argv[2] ?? 9);
const requests = Number(process.argv[3] ?? 6000);

/** About as many as ours seals of the example. */
const sealedBytes = 350;

const modes = [
  "AES-GCM by hand",
  "ours in a cookie",
  "ours in a cookie, JSON",
  "@fastify/secure-session",
  "iron-session",
] as const;

const rows: ResultRow[] = [];
const charts: Chart[] = [];
for (const path of ["/", "/change"] as const) {
  const costs = await compare({ path, modes, url: "", rounds, requests });
  const what = path === "/" ? "session only read, encrypted cookie" : "session changed, encrypted cookie";
  rows.push(
    row(costs, "ours in a cookie", "AES-GCM by hand", {
      what,
      against: "raw AES-GCM and JSON",
      atLeast: 0.95,
      limit:
        "beside AES-GCM ours derives a key for each message, so that random nonces do not run out, and authenticates name, kind and tenant by an HMAC that commits to the key. Two times HMAC-SHA256, the last row, is what that costs at least; the rest of the difference is ours to shorten",
    }),
    row(costs, "ours in a cookie", "@fastify/secure-session", {
      what,
      against: "@fastify/secure-session",
      atLeast: path === "/" ? 1.15 : 1.1,
    }),
    row(costs, "ours in a cookie", "iron-session", { what, against: "iron-session 8", atLeast: 6 }),
    row(costs, "ours in a cookie, JSON", "@fastify/secure-session", {
      what: `${what}, JSON codec`,
      against: "@fastify/secure-session",
    }),
  );
  const title = `A request that ${path === "/" ? "reads" : "changes"} a session in an encrypted cookie: processor time, less is better`;
  charts.push(chartOf(costs, path === "/" ? "cookie-read" : "cookie-change", title));
}
const primitives = cipherCost(sealedBytes, rounds);
rows.push(
  {
    ...{ what: `AES-256-GCM by itself, ${sealedBytes} bytes`, against: "", unit: "µs" },
    values: [...primitives.open],
  },
  {
    ...{ what: `HMAC-SHA256 by itself, ${sealedBytes} bytes`, against: "", unit: "µs" },
    values: [...primitives.authenticate],
  },
);
publish("cookie", {
  title: "HTTP, encrypted cookie: processor time of the server for one request",
  conditions: [
    `The session and the load of the part above, from ${loadGenerator}; all under Fastify 5, cookies of 1 h with HttpOnly, Secure and SameSite=Lax.`,
    "By hand: `node:crypto`, AES-256-GCM over JSON with its end of life, one key, base64url. @fastify/secure-session: a key of 32 bytes (no passphrase), `expiry` 1 h. iron-session: one password, `ttl` 1 h; it derives keys from the password at every request.",
    "A change seals the session anew and sends it in Set-Cookie; a request that only reads sends none, in any of them.",
  ],
  rows,
  charts,
});
