import Database from "better-sqlite3";
import { Redis } from "ioredis";
import pg from "pg";
import type { Keeper } from "./keeper.js";

/** Adds so many copies of a stored session under random ids, inside the place that holds it: a thousand times faster than one by one. */
type Multiply = (url: string, count: number) => Promise<void>;

const columns = "tenant, revision, write_id, created_at, expires_at, header, text, bytes";
const most = 5000;

/** Of the kind that a place is; each takes as its model the first session that it finds. */
export const multiply = {
  async redis(url, count) {
    const redis = new Redis(url);
    const [, [model = ""]] = await redis.scan(0, "COUNT", 100);
    for (let left = count; left > 0; left -= most) {
      await redis.eval(copyScript, 1, model, Math.min(most, left), `${Math.random()}`);
    }
    redis.disconnect();
  },
  sqlite: inSqlite("ours_protobuf"),
  sqliteByHand: inSqlite("by_hand"),
  async postgres(url, count) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(
      `insert into ours_protobuf (id, ${columns})
      select left(encode(sha256(gen_random_uuid()::text::bytea), 'hex'), 43), ${columns}
      from generate_series(1, $1::int), (select * from ours_protobuf limit 1) model`,
      [count],
    );
    await client.end();
  },
} satisfies Readonly<Record<string, Multiply>>;

/** Fills in turns, so that what is asked for lies between copies that are not. */
export function withCopies(keeper: Keeper, url: string, copy: Multiply): Keeper {
  return {
    ...keeper,
    async fill(count, sample) {
      const turns = 10;
      const own = Math.min(count, sample);
      for (let turn = 0; turn < turns; turn += 1) {
        const upTo = (total: number): number => Math.floor((total * (turn + 1)) / turns);
        const from = (total: number): number => Math.floor((total * turn) / turns);
        await keeper.fill(upTo(own) - from(own), sample);
        const copies = upTo(count - own) - from(count - own);
        if (copies > 0) await copy(url, copies);
      }
    },
  };
}

function inSqlite(table: string): Multiply {
  return async (url, count) => {
    const database = new Database(url);
    database
      .prepare(
        `with recursive copies(number) as (select 1 union all select number + 1 from copies where number < ?)
        insert into ${table} (id, ${columns})
        select lower(hex(randomblob(21))) || '_', ${columns} from copies, (select * from ${table} limit 1)`,
      )
      .run(count);
    database.close();
  };
}

/** KEYS: the model. ARGV: how many, and what makes their ids random. An id is as long as the model's. */
const copyScript = `
local value, life = redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1])
local start, length = string.match(KEYS[1], '^(.-|)'), #string.match(KEYS[1], '|(.*)$')
for at = 1, tonumber(ARGV[1]) do
  local id = redis.sha1hex(ARGV[2] .. at) .. '___'
  redis.call('SET', start .. string.sub(id, 1, length), value, 'PX', life)
end`;
