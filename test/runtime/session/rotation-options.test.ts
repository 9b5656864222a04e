import { expect, test } from "vitest";
import { createMemoryBackend } from "../../../runtime/backends/memory.js";
import { openSessions, type RotationOptions } from "../../../runtime/index.js";
import { shopKind } from "../../suites/shop-kind.js";

const inSchema: RotationOptions = { onChange: ["theme"], every: "30m" };

function openShop(rotation: RotationOptions | undefined, under: RotationOptions = inSchema) {
  const backend = createMemoryBackend();
  const options = rotation === undefined ? { backend } : { backend, rotation };
  return openSessions({ ...shopKind, rotation: under }, options, () => backend);
}

/** Whether the save that changes a field takes a new key. */
async function changesKey(
  sessions: ReturnType<typeof openShop>,
  data: { readonly theme?: string; readonly userId?: number },
): Promise<boolean> {
  const session = sessions.create({ visits: 1 });
  await session.save();
  const { key } = session;
  session.update(data);
  await session.save();
  return session.key !== key;
}

test.each<[string, RotationOptions | undefined]>([
  ["nothing", undefined],
  ["every", { every: "10m" }],
  ["every: false", { every: false }],
  ["onChange: undefined", { every: "10m", onChange: undefined } as never],
])("what the schema says of onChange stays when the app says %s", async (_, rotation) => {
  expect(await changesKey(openShop(rotation), { theme: "dark" })).toBe(true);
});

test("the app's onChange stands in for the schema's, and false for all of it", async () => {
  expect(await changesKey(openShop({ onChange: ["userId"] }), { theme: "dark" })).toBe(false);
  expect(await changesKey(openShop({ onChange: ["userId"] }), { userId: 1 })).toBe(true);
  expect(await changesKey(openShop(false), { theme: "dark" })).toBe(false);
  expect(await changesKey(openShop({ onChange: ["theme"] }, false), { theme: "dark" })).toBe(true);
});

test("a field that there is not is refused: no login would take a new key", () => {
  expect(() => openShop({ onChange: ["userId", "them"] })).toThrow(
    expect.objectContaining({ code: "config", message: expect.stringContaining("them") }),
  );
});
