import { afterEach, expect, it, vi } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { fetchSession } from "../../../runtime/http/fetch.js";
import { openShop } from "../../suites/shop-kind.js";

afterEach(() => vi.restoreAllMocks());

/** As Next 15 and 16 throw them. */
const signal = (digest: string): Error => Object.assign(new Error("NEXT"), { digest });
const request = (): Request => new Request("https://app.example/");

it.each([
  ["NEXT_REDIRECT;replace;/cart;307;", 307, "/cart"],
  ["NEXT_REDIRECT;push;/a;b?c=1;303;", 303, "/a;b?c=1"],
  ["NEXT_REDIRECT;replace;https://other.example/;308;", 308, "https://other.example/"],
  ["NEXT_HTTP_ERROR_FALLBACK;404", 404, null],
  ["NEXT_HTTP_ERROR_FALLBACK;401", 401, null],
])(
  "what next/navigation throws (%s) is the response, and the session is stored",
  async (digest, status, location) => {
    const sessions = openShop(createMemoryBackend());
    const onError = vi.fn();
    const handle = fetchSession(
      sessions,
      (_request, session) => {
        session.userId = 42;
        throw signal(digest);
      },
      { onError },
    );
    const response = await handle(request());
    expect([response.status, response.headers.get("location")]).toEqual([status, location]);
    const [cookie = ""] = response.headers.getSetCookie();
    expect((await sessions.fromCookie(cookie.split(";")[0])).userId).toBe(42);
    expect(onError).not.toHaveBeenCalled();
  },
);

it.each(["NEXT_PRERENDER_INTERRUPTED", "DYNAMIC_SERVER_USAGE", "HANGING_PROMISE_REJECTION"])(
  "what Next throws at build (%s) is nobody's failure, and nothing is stored",
  async (digest) => {
    const warn = vi.spyOn(process, "emitWarning").mockReturnValue();
    const sessions = openShop(createMemoryBackend());
    const built = request();
    vi.spyOn(built.headers, "get").mockImplementation(() => {
      throw signal(digest);
    });
    expect((await fetchSession(sessions, () => new Response("never"))(built)).status).toBe(500);
    expect(warn).not.toHaveBeenCalled();
  },
);

it("an error with a digest of its own is a failure", async () => {
  const warn = vi.spyOn(process, "emitWarning").mockReturnValue();
  const handle = fetchSession(openShop(createMemoryBackend()), () => {
    throw signal("123456");
  });
  expect((await handle(request())).status).toBe(500);
  expect(warn).toHaveBeenCalledOnce();
});
