import { expect, it } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { testFurtherAdapter } from "../../suites/adapter-backends.js";
import { createBrowser } from "../../suites/adapter-client.js";
import { nodeAdapter } from "../../suites/adapters.js";
import { openShop } from "../../suites/shop-kind.js";

testFurtherAdapter(nodeAdapter);

it("answers when an option throws in the very turn of the request, as on a memory that is asked directly", async () => {
  const options = {
    readOnly: () => {
      throw new Error("a secret");
    },
    onError: () => undefined,
  };
  const server = await nodeAdapter.start(
    openShop(createMemoryBackend()),
    () =>
      ({ reply }) =>
        reply(200, ""),
    options,
  );
  expect((await createBrowser(server.url).get("/")).status).toBe(500);
  await server.close();
});
