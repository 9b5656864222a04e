import { expect, it } from "vitest";
import { createBrowser } from "./adapter-client.js";
import { COOKIE_NAME, type Shop } from "./adapter-shop.js";

const unknown = (letter: string): string => `${COOKIE_NAME}=${letter.repeat(43)}`;

/** None of them can be a key, so that nobody has to be asked. */
const malformed: readonly string[] = [
  COOKIE_NAME,
  `${COOKIE_NAME}=`,
  `${COOKIE_NAME}=garbage`,
  `${COOKIE_NAME}=${"x".repeat(42)}`,
  `${COOKIE_NAME}=${"x".repeat(44)}`,
  `${COOKIE_NAME}=${"x".repeat(42)}.`,
  `${COOKIE_NAME}=%78${"x".repeat(42)}`,
  `${COOKIE_NAME}="${"x".repeat(41)}"`,
  `${COOKIE_NAME}=${"x".repeat(10_000)}`,
  `${COOKIE_NAME}=${"'); DROP TABLE sessions;--".padEnd(43, "x")}`,
  `a=${"x".repeat(43)}; ${COOKIE_NAME.toUpperCase()}=${"x".repeat(43)}`,
  `${COOKIE_NAME}=garbage; ${COOKIE_NAME}=garbage`,
  Array.from({ length: 100 }, (_, number) => `${COOKIE_NAME}=${"x".repeat(number % 43)}`).join("; "),
];

/** What a cookie that opens nothing may cost: counted at the backend. */
export function lookups(shop: () => Shop): void {
  const askedFor = async (cookie: string): Promise<readonly string[]> => {
    shop().takeCalls();
    const response = await createBrowser(shop().url).get("/read", { headers: { cookie } });
    expect([response.status, await response.text()]).toEqual([200, "undefined"]);
    expect(response.headers.getSetCookie()).toEqual([]);
    return shop().takeCalls();
  };

  it("asks the backend nothing for what cannot be a key", async () => {
    for (const cookie of malformed) expect([cookie, await askedFor(cookie)]).toEqual([cookie, []]);
  });

  it("asks it once for a key that nobody was given, however often that comes", async () => {
    for (const cookie of [
      unknown("x"),
      `a=1; ${unknown("x")}; b=2`,
      `${COOKIE_NAME}=garbage; ${unknown("x")}`,
      `${unknown("x")}; ${unknown("x")}`,
    ])
      expect([cookie, await askedFor(cookie)]).toEqual([cookie, ["load"]]);
  });

  it("asks it about twenty keys at most", async () => {
    const different = Array.from(
      { length: 100 },
      (_, number) => `${COOKIE_NAME}=${String(number).padStart(43, "x")}`,
    );
    expect(await askedFor(different.join("; "))).toEqual(Array.from({ length: 20 }, () => "load"));
  });
}
