import { equal } from "node:assert/strict";
import {
  assertAbsent,
  assertStored,
  binaryHeader,
  type ConformanceCase,
  nextOf,
  toBytes,
} from "./conformance-case.js";

const everyByte = Uint8Array.from({ length: 256 }, (_, at) => at);

/** What goes in comes out. */
export const fidelityCases: readonly ConformanceCase[] = [
  {
    name: "data: every byte value, none at all, and 256 kB",
    run: async ({ backend, record }) => {
      const large = new Uint8Array(262_144).map((_, at) => (at * 31) % 256);
      for (const data of [everyByte, everyByte.toReversed(), new Uint8Array(), large]) {
        const created = record({ header: binaryHeader, data });
        equal(await backend.create(created), true);
        await assertStored(backend, created);
      }
    },
  },
  {
    name: "data: a view into a larger buffer is that part only",
    run: async ({ backend, record }) => {
      const created = record({ header: binaryHeader, data: everyByte.subarray(100, 110) });
      await backend.create(created);
      await assertStored(backend, created);
    },
  },
  {
    name: "data: JSON text of any script, and bytes that are no text under the same header",
    run: async ({ backend, record }) => {
      const texts = [
        '{"a":"\\u0000"}',
        '{"名前":"🧺 Ünïcödé \u2028"}',
        '\ufeff{"mark":1}',
        '{"quote":"\'%_\\\\"}',
        "\u0000",
      ];
      for (const data of [...texts.map(toBytes), everyByte, Uint8Array.of(0xc3, 0x28)]) {
        const created = record({ data });
        equal(await backend.create(created), true);
        await assertStored(backend, created);
      }
    },
  },
  {
    name: "data: a record may go from text to bytes and back",
    run: async ({ backend, record }) => {
      const text = record();
      const bytes = nextOf(text, { header: binaryHeader, data: everyByte });
      const again = nextOf(bytes, { header: text.header, data: text.data });
      await backend.create(text);
      for (const saved of [bytes, again]) {
        equal(await backend.save(saved), true);
        await assertStored(backend, saved);
      }
    },
  },
  {
    name: "numbers: expiry in 2100 and 9999, creation in 1970, a revision above 32 bits",
    run: async ({ backend, record }) => {
      for (const expiresAt of [Date.UTC(2100, 0, 1), Date.UTC(9999, 11, 31, 23, 59, 59, 999)]) {
        const created = record({ expiresAt, createdAt: 0, revision: 5_000_000_000 });
        const saved = nextOf(created, { createdAt: 1 });
        equal(await backend.create(created), true);
        await assertStored(backend, created);
        equal(await backend.save(saved), true);
        equal(await backend.touch(saved.id, saved.revision, expiresAt - 1), true);
        await assertStored(backend, { ...saved, expiresAt: expiresAt - 1 });
      }
    },
  },
  {
    name: "tenant: none, and names that mean something elsewhere",
    run: async ({ backend, record, unique }) => {
      for (const tenant of [null, unique, `${unique}'"%_*[x]{x}../;`, `${unique} 名前 🏪`]) {
        const created = record({ tenant });
        equal(await backend.create(created), true);
        await assertStored(backend, created);
      }
    },
  },
  {
    name: "ids: whatever they hold, each is itself and no other",
    run: async ({ backend, record, unique }) => {
      const records = hostileIds(unique).map((id) => record({ id, data: toBytes(JSON.stringify(id)) }));
      for (const created of records) equal(await backend.create(created), true, JSON.stringify(created.id));
      for (const created of records) await assertStored(backend, created);
      for (const [at, deleted] of records.entries()) {
        equal(await backend.delete(deleted.id), true);
        await assertAbsent(backend, deleted.id);
        for (const kept of records.slice(at + 1))
          equal(await backend.exists(kept.id), true, JSON.stringify(kept.id));
      }
    },
  },
];

/** Quoting, patterns, paths, case, blanks, look-alikes, length. */
function hostileIds(unique: string): readonly string[] {
  const plain = `${unique}-a`;
  const long = plain.padEnd(1000, "x");
  const quoting = ["'", '"', "`", "\\", "';--", "$" + "{x}", "$1", "?", ":id", "\n", "\u0000", "\u0000b"];
  const patterns = ["%", "_", "*", "[x]", "{x}", "^", "|", "/", "/..", "..", ":", ";", ",", "#", "&", "="];
  const likenesses = ["é", "e\u0301", "а", "ａ", "ß", "ss", "ı", "i", "🧺"];
  return [
    plain,
    plain.toUpperCase(),
    ` ${plain}`,
    ...[" ", "  ", "\t", "a"].map((end) => plain + end),
    ...[...quoting, ...patterns, ...likenesses].flatMap((part) => [plain + part, `${part}${plain}`]),
    `${long}1`,
    `${long}2`,
    ...["__proto__", "constructor", "null", "0"].map((word) => `${word}-${unique}`),
  ];
}
