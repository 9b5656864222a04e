import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createFileBackend } from "../../../runtime/backends/file.js";
import { placeFolder } from "../../suites/faults/place-folder.js";
import { mustLoad, openOver, stored } from "../fixture/open.js";

const folder = placeFolder();

test.each([".", "records", "unfinished", "tenants"])(
  "logins go on when somebody removes the folder %s while the app runs",
  async (lost) => {
    const directory = join(folder, `without-${lost}`);
    const backend = createFileBackend({ directory });
    const { sessions } = openOver(backend, { clock: Date.now, deadline: "10s" });
    await stored(sessions, { userId: 1 });
    rmSync(join(directory, lost), { recursive: true });
    const keys = await Promise.all([2, 3, 4].map((userId) => stored(sessions, { userId })));
    const users = await Promise.all(keys.map(async (key) => (await mustLoad(sessions, key)).userId));
    expect(users).toEqual([2, 3, 4]);
    const limit = { tenant: "a", max: 1, onLimit: "refuse" } as const;
    const record = { id: "own", tenant: "a", header: "1;json;-;-;0", data: new Uint8Array(2), indexed: {} };
    const times = { revision: 1, writeId: "w", createdAt: 0, expiresAt: Date.now() + 60_000 };
    expect(await backend.abilities.limit.createWithin({ ...record, ...times }, limit)).toBe(true);
    for (const name of ["records", "unfinished"])
      expect(statSync(join(directory, name)).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(directory, "unfinished"))).toEqual([]);
  },
);
