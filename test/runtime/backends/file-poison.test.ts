import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { beforeEach, describe, expect, test } from "vitest";
import { toSessionError } from "../../../runtime/backends/file/disk.js";
import { createFileBackend, type FileAbilities } from "../../../runtime/backends/file.js";
import { env } from "../../../runtime/platform/env.js";
import type { SessionBackend, SessionRecord } from "../../../runtime/types/backend.js";
import { temporaryFolder } from "../../suites/faults/temporary-folder.js";
import { openOver, stored } from "../fixture/open.js";

const folder = temporaryFolder();
let count = 0;
let directory: string;
let backend: SessionBackend<FileAbilities>;

beforeEach(() => {
  count += 1;
  directory = join(folder, String(count));
  backend = createFileBackend({ directory });
});

/** What can be wrong with the file of a record's data. */
const poisons: Readonly<Record<string, (path: string) => void>> = {
  empty: (path) => truncateSync(path),
  "cut in the middle": (path) => truncateSync(path, 100),
  "cut by a byte": (path) => truncateSync(path, statSync(path).size - 1),
  "longer by a byte": (path) => writeFileSync(path, "\n", { flag: "a" }),
  "all zeros": (path) => writeFileSync(path, new Uint8Array(statSync(path).size)),
  "of another format": (path) => writeFileSync(path, '{"cookie":{}}'),
  "with a bit flipped in its data": (path) => writeFileSync(path, flipped(readFileSync(path), -20)),
  "with a bit flipped in its signature": (path) => writeFileSync(path, flipped(readFileSync(path), 3)),
  "larger than any record": (path) => truncateSync(path, 2 ** 30),
  missing: (path) => rmSync(path),
  "a folder": (path) => replace(path, () => mkdirSync(path)),
  "a FIFO": (path) => replace(path, () => execFileSync("mkfifo", [path])),
  "a link to a good record": (path) =>
    replace(path, () => {
      renameSync(`${path}.old`, join(folder, `moved-${count}`));
      symlinkSync(join(folder, `moved-${count}`), path);
    }),
  "a link to a device": (path) => replace(path, () => symlinkSync("/dev/zero", path)),
  "a link to itself": (path) => replace(path, () => symlinkSync(path, path)),
};

describe.each(Object.entries(poisons))("a record whose file is %s", (_, poison) => {
  test("gives its user a fresh session, is kept, and nobody else notices", async () => {
    const { sessions, warnings } = openOver(backend);
    const key = await stored(sessions, { userId: 1 });
    poison(onlyData());
    const other = await stored(sessions, { userId: 2 });
    expect(await sessions.load(key)).toBeNull();
    expect(warnings.join()).toContain("cannot be read");
    expect((await sessions.load(other))?.userId).toBe(2);
    expect(await sessions.count()).toBe(1);
    expect(await sessions.cleanupExpired()).toBe(0);
    expect(recordFolders()).toHaveLength(2);
    expect(await sessions.delete(key)).toBe(true);
    expect(recordFolders()).toHaveLength(1);
  });
});

describe("what stands in the place of a record's folder", () => {
  test.each([
    ["a file", (path: string) => writeFileSync(path, "")],
    ["a link to a record", (path: string) => symlinkSync(`${path}.old`, path)],
  ])("%s is no record", async (_, put) => {
    await backend.create(record("one"));
    const [path = ""] = recordFolders();
    replace(path, () => put(path));
    expect([await backend.load("one"), await backend.exists("one")]).toEqual([null, false]);
    expect([await backend.save(record("one")), await backend.delete("one")]).toEqual([false, false]);
    expect((await backend.abilities.scan.scan({ limit: 10 })).records).toEqual([]);
    expect(await backend.abilities.sweep.deleteExpired(Date.UTC(2200, 0, 1), 10)).toBe(0);
  });
});

describe("what a killed process leaves", () => {
  test("goes with the next save of its record, or with a sweep", async () => {
    await backend.create(record("one"));
    await backend.create(record("other"));
    for (const path of recordFolders()) writeFileSync(join(path, "data_0123456789abcdef01234567"), "half");
    mkdirSync(join(directory, "unfinished", "left"));
    const headless = join(directory, "records", "00", "f".repeat(62));
    mkdirSync(headless, { recursive: true });
    writeFileSync(join(headless, "data_0123456789abcdef01234567"), "");
    await backend.save({ ...record("one"), revision: 2, writeId: "w2" });
    expect(
      recordFolders()
        .map((path) => readdirSync(path).length)
        .sort(),
    ).toEqual([1, 2, 3]);
    expect(await backend.abilities.sweep.deleteExpired(Date.now(), 10)).toBe(0);
    expect(recordFolders().map((path) => readdirSync(path).length)).toEqual([2, 2]);
    expect(readdirSync(join(directory, "unfinished"))).toEqual([]);
    expect([(await backend.load("one"))?.revision, (await backend.load("other"))?.revision]).toEqual([2, 1]);
  });
});

describe("the folder", () => {
  test("is the owner's alone, as is all that is in it, whatever the umask", async () => {
    const umask = process.umask(0);
    await backend.create(record("secret/../id"));
    await backend.abilities.limit.createWithin(record("two"), { tenant: "t", max: 1, onLimit: "refuse" });
    process.umask(umask);
    for (const name of ["", ...readdirSync(directory, { recursive: true, encoding: "utf8" })]) {
      const stats = statSync(join(directory, name));
      expect([name, stats.mode & 0o777]).toEqual([name, stats.isDirectory() ? 0o700 : 0o600]);
      expect(name).toMatch(/^[a-z0-9_/]*$/);
    }
  });

  test("is named by the environment, at first use", async () => {
    process.env["SESSION_GEN_TEST_FOLDER"] = directory;
    const named = createFileBackend({ directory: env("SESSION_GEN_TEST_FOLDER") });
    await named.create(record("one"));
    delete process.env["SESSION_GEN_TEST_FOLDER"];
    expect(await backend.exists("one")).toBe(true);
    expect(named.place).not.toBe(backend.place);
  });

  test("that others can enter, or that is a link, is refused", async () => {
    await backend.create(record("one"));
    chmodSync(join(directory, "records"), 0o755);
    await expect(createFileBackend({ directory }).load("one")).rejects.toMatchObject({ code: "config" });
    replace(join(directory, "records"), () =>
      symlinkSync(join(directory, "records.old"), join(directory, "records")),
    );
    await expect(createFileBackend({ directory }).load("one")).rejects.toMatchObject({ code: "config" });
  });

  test.each([
    ["a link to a folder", (path: string) => symlinkSync(`${path}.old`, path)],
    ["a FIFO", (path: string) => execFileSync("mkfifo", [path])],
  ])("between it and a record holds nothing where it is %s, and nothing is put there", async (_what, put) => {
    await backend.create(record("one"));
    const [parent = ""] = readdirSync(join(directory, "records"));
    const path = join(directory, "records", parent);
    replace(path, () => put(path));
    const fresh = createFileBackend({ directory });
    expect([await fresh.load("one"), await fresh.exists("one"), await fresh.delete("one")]).toEqual([
      null,
      false,
      false,
    ]);
    expect(await fresh.save({ ...record("one"), revision: 2 })).toBe(false);
    await expect(fresh.create(record("one"))).rejects.toMatchObject({ code: "unavailable" });
    expect(readdirSync(`${path}.old`)).toHaveLength(1);
    expect(await fresh.create(record("two"))).toBe(true);
  });

  test("that cannot be made is said without what was to be stored, and tried again", async () => {
    writeFileSync(directory, "");
    const error = await backend.create(record("secret-id")).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "unavailable", details: { code: "EEXIST" } });
    expect(String(error)).toContain("A file stands where it should be");
    expect(JSON.stringify(error) + String(error)).not.toContain("secret");
    rmSync(directory);
    expect(await backend.create(record("secret-id"))).toBe(true);
  });

  test.each([
    ["ENOSPC", "unavailable"],
    ["EIO", "unavailable"],
    ["EACCES", "config"],
    ["EROFS", "config"],
  ])("that answers %s is %s, without the name of a file", (code, expected) => {
    const cause = Object.assign(new Error(`${code}: no, open 'secret'`), { code, path: "secret" });
    const error = toSessionError(cause);
    expect(error).toMatchObject({ code: expected, details: { code } });
    expect(inspect(error)).not.toContain("secret");
  });

  test("that is closed is unavailable", async () => {
    await backend.close?.();
    await expect(backend.load("one")).rejects.toMatchObject({ code: "unavailable" });
  });
});

test("an index that is not declared is not looked for", async () => {
  const { find } = createFileBackend({ directory, indexes: ["userId"] }).abilities.find;
  await expect(find({ field: "other", value: 1, limit: 1 })).rejects.toMatchObject({ code: "config" });
});

function record(id: string): SessionRecord {
  const data = new TextEncoder().encode("{}");
  const times = { createdAt: 0, expiresAt: Date.UTC(2100, 0, 1) };
  return { id, tenant: null, header: "1;json;-;-;x", data, revision: 1, writeId: "w", ...times, indexed: {} };
}

function recordFolders(): readonly string[] {
  const records = join(directory, "records");
  return readdirSync(records).flatMap((parent) =>
    readdirSync(join(records, parent))
      .filter((name) => name.length === 62)
      .map((name) => join(records, parent, name)),
  );
}

function onlyData(): string {
  const [path = ""] = recordFolders();
  return join(path, readdirSync(path).find((name) => name.startsWith("data_")) ?? "");
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  const place = at < 0 ? copy.length + at : at;
  copy[place] = (copy[place] ?? 0) ^ 1;
  return copy;
}

function replace(path: string, put: () => void): void {
  renameSync(path, `${path}.old`);
  put();
}
