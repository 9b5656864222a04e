import { readlinkSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { createFileBackend } from "../../../runtime/backends/file.js";
import { placeFolder } from "../../suites/faults/place-folder.js";

const folder = placeFolder();
afterEach(() => vi.restoreAllMocks());

test("a folder that is new is on the disk before the first session in it is acknowledged", async () => {
  const synced: string[] = [];
  const handle = await open(folder);
  const prototype: { fd: number; sync(): Promise<void> } = Object.getPrototypeOf(handle);
  await handle.close();
  const { sync } = prototype;
  vi.spyOn(prototype, "sync").mockImplementation(function (this: typeof prototype) {
    synced.push(readlinkSync(`/proc/self/fd/${this.fd}`));
    return sync.call(this);
  });
  const directory = join(folder, "state/shop");
  const record = { id: "one", tenant: null, header: "1;json;-;-;0", data: new Uint8Array([48]), indexed: {} };
  const times = { revision: 1, writeId: "w", createdAt: 0, expiresAt: 1000 };
  expect(await createFileBackend({ directory }).create({ ...record, ...times })).toBe(true);
  expect(synced).toEqual(expect.arrayContaining([folder, join(folder, "state"), directory]));
});
