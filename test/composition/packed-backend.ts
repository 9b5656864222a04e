import type { SessionKind } from "../../runtime/index.js";
import { createRecordFormat, type RecordFormat } from "../../runtime/record/record-format.js";
import type { IndexedValue, SessionBackend, SessionRecord } from "../../runtime/types/backend.js";
import type { ShopSession } from "../suites/shop-kind.js";

/** Where the backend suite's records are, and where their parts are within the shop's shape. */
interface Packing {
  readonly backend: SessionBackend;
  readonly format: RecordFormat;
}

/**
 * A backend that keeps each record as the data of a session: its header and bytes are fields, written as the kind
 * writes its own, and its indexed values are stored as the kind stores them. So the suite of backends tries what the
 * records of a kind go through.
 */
export async function packedBackend(
  kind: SessionKind<ShopSession>,
  backend: SessionBackend,
): Promise<SessionBackend> {
  const format = createRecordFormat({ ...kind, kind: kind.name });
  await format.ready();
  return packed({ backend, format });
}

function packed(packing: Packing): SessionBackend {
  const { backend, format } = packing;
  const { find, list, scan, limit } = backend.abilities;
  const unpackAll = <Page extends { readonly records: readonly SessionRecord[] }>(page: Page): Page => ({
    ...page,
    records: page.records.map((record) => unpack(record, packing)),
  });
  return {
    ...backend,
    abilities: {
      ...backend.abilities,
      ...(find && {
        find: {
          find: async ({ field, value, ...rest }, options) =>
            unpackAll(
              await find.find({ field, value: format.indexes.toStored(field, value), ...rest }, options),
            ),
        },
      }),
      ...(list && { list: { list: async (query, options) => unpackAll(await list.list(query, options)) } }),
      ...(scan && { scan: { scan: async (query, options) => unpackAll(await scan.scan(query, options)) } }),
      ...(limit && {
        limit: {
          createWithin: (record, room, options) => limit.createWithin(pack(record, packing), room, options),
        },
      }),
    },
    create: (record, options) => backend.create(pack(record, packing), options),
    save: (record, options) => backend.save(pack(record, packing), options),
    load: async (id, options) => {
      const record = await backend.load(id, options);
      return record && unpack(record, packing);
    },
  };
}

function pack(record: SessionRecord, { format }: Packing): SessionRecord {
  const meta = { writes: record.writeId.slice(0, 8) };
  // The indexed values are packed too: stored as hashes, they do not come back from where they are.
  const fields = { theme: JSON.stringify([record.header, record.indexed]), packed: record.data };
  const indexed = Object.entries(record.indexed).map(([field, value]) => [
    field,
    format.indexes.toStored(field, value),
  ]);
  return {
    ...record,
    ...format.encode({ meta, fields }, record.id),
    indexed: Object.fromEntries(indexed),
  };
}

function unpack(record: SessionRecord, { format }: Packing): SessionRecord {
  const { theme, packed: data } = format.decode(record).fields;
  if (typeof theme !== "string" || !(data instanceof Uint8Array)) throw new Error("it was not packed");
  const [header, indexed]: [string, Record<string, IndexedValue>] = JSON.parse(theme);
  return { ...record, header, data, indexed };
}
