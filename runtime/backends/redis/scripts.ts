import { createHash } from "node:crypto";

/** A Lua script over one key, and the name that Redis knows it by. */
export interface Script {
  readonly source: string;
  readonly sha: string;
}

/** How long the mark of a deleted record stays, in milliseconds: longer than a client sends a command again. */
const markLife = 60_000;

/** How long a creation may come after its announcement, and when an announced record that is absent never comes. */
const announcedLife = 30_000;
const abandonedAfter = 60_000;

/** How long a call that comes again is recognised, in seconds at least, and among how many that came since. */
const resentWithin = 10;
const mostCalls = 100;

const now = `
local function now() local t = redis.call('TIME') return t[1] * 1000 + math.floor(t[2] / 1000) end`;

const read = `
local function read(value)
  local w, i = struct.unpack('>I2I4', value, 26)
  return { revision = string.sub(value, 2, 9), writeId = string.sub(value, 34, 33 + w),
    indexed = string.sub(value, 34 + w, 33 + w + i) }
end
local function isRecord(value) return string.byte(value) == 2 and #value > 33 end
local function isMark(value) return string.byte(value) == 0 end
local function isSame(one, other) return one.revision == other.revision and one.writeId == other.writeId end`;

/**
 * What takes no more room than what it replaces, or is over sooner, as the mark of an end is, is written to a Redis whose
 * memory is full too: that refuses such a write only while the script has written nothing else.
 */
const replace = `
local function replace(old, new, life)
  local answer = redis.pcall('SET', KEYS[1], new, 'PX', life)
  if not (answer.err and string.find(answer.err, 'OOM', 1, true)) then return answer end
  if #new > #old and string.sub(new, 10, 17) >= string.sub(old, 10, 17) then return answer end
  redis.call('PEXPIRE', KEYS[1], life)
  return redis.call('SET', KEYS[1], new, 'PX', life)
end`;

/**
 * KEYS: the record. ARGV: its value, its life in milliseconds, when it was announced (or nothing). Answers 1 when it
 * is there, 0 when the id is taken or this very write has been deleted since, 2 when the announcement is too old.
 */
export const createScript: Script = toScript(`${now}${read}
local new = read(ARGV[1])
local stored = redis.call('GET', KEYS[1])
if stored and isRecord(stored) then return isSame(read(stored), new) and 1 or 0 end
if stored and (not isMark(stored) or string.sub(stored, 18) == new.writeId) then return 0 end
if ARGV[3] ~= '' and now() - tonumber(ARGV[3]) > ${announcedLife} then return 2 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`);

/**
 * KEYS: the record. ARGV: its value with 6 bytes that name this call in the place of the trailer, its life, what must be
 * indexed until now (or nothing, or left out), and 1 to leave the expiry (or left out). Answers 1 when it is there, 0 when
 * another write came first, 2 when something else is indexed. The calls of the last seconds are named behind the data
 * (with the second of the last, and how many they are): so one that comes again, since its answer was lost, is told that it was made,
 * though others have written since. Where more have written than are named, the answer is 3: if it came again, it may have been made.
 */
export const saveScript: Script = toScript(`${read}${replace}
local stored = redis.call('GET', KEYS[1])
if not stored or not isRecord(stored) then return 0 end
local old, new, second = read(stored), read(ARGV[1]), tonumber(redis.call('TIME')[1])
local call = string.sub(ARGV[1], -6)
local count, calls = string.byte(stored, -1), ''
if count > 0 and second - struct.unpack('>I4', stored, #stored - 4) <= ${resentWithin} then
  calls = string.sub(stored, #stored - 4 - 6 * count, #stored - 5)
end
local ahead = struct.unpack('>d', old.revision) - struct.unpack('>d', new.revision) + 1
if ahead ~= 0 then
  if isSame(old, new) then return 1 end
  for at = 1, #calls, 6 do
    if string.sub(calls, at, at + 5) == call then return 1 end
  end
  return ahead > #calls / 6 and 3 or 0
end
if ARGV[3] and ARGV[3] ~= '' and old.indexed ~= ARGV[3] then return 2 end
calls = string.sub(calls .. call, -6 * ${mostCalls})
local trailer = calls .. struct.pack('>I4B', second, #calls / 6)
if ARGV[4] then
  local value = string.sub(ARGV[1], 1, 9) .. string.sub(stored, 10, 17) .. string.sub(ARGV[1], 18, -7)
  redis.call('SET', KEYS[1], value .. trailer, 'KEEPTTL')
  return 1
end
local answer = replace(stored, string.sub(ARGV[1], 1, -7) .. trailer, ARGV[2])
return answer.err and answer or 1`);

/**
 * KEYS: the record. ARGV: its revision, the expiry, its life. Answers 1 when it was touched. The life comes first, after
 * which a Redis whose memory is full allows the other write.
 */
export const touchScript: Script = toScript(`
if redis.call('GETRANGE', KEYS[1], 0, 8) ~= '\\2' .. ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('SETRANGE', KEYS[1], 9, ARGV[2])
return 1`);

/**
 * KEYS: the record. ARGV: 16 bytes that name this deletion, and the time when only a record that is over by then is
 * deleted (or nothing). Answers nothing when there was none, else the time, the revision and what was indexed.
 * What cannot be read goes too, unless it must be over. A mark stays for a while: by it, this deletion and the write
 * it undid are recognised when they are sent again. The record goes before: a Redis whose memory is full allows that.
 */
export const deleteScript: Script = toScript(`${now}${read}
local stored = redis.call('GET', KEYS[1])
if not stored then return {} end
local function mark(text)
  redis.call('DEL', KEYS[1])
  redis.call('SET', KEYS[1], '\\0' .. ARGV[1] .. text, 'PX', ${markLife})
end
if isMark(stored) then return string.sub(stored, 2, 17) == ARGV[1] and { '0', '0', '' } or {} end
if not isRecord(stored) then
  if ARGV[2] ~= '' then return {} end
  mark('')
  return { '0', '0', '' }
end
local revision, expiresAt = struct.unpack('>dd', stored, 2)
if ARGV[2] ~= '' and expiresAt > tonumber(ARGV[2]) then return {} end
local old = read(stored)
mark(old.writeId)
return { string.format('%.0f', now()), string.format('%.0f', revision), old.indexed }`);

/**
 * KEYS: an index. ARGV: the id, and the revision that is about to be saved, or nothing before a creation. A member's
 * score is that revision, or the negative time of its announcement. Answers the time, and how many members there are.
 */
export const announceScript: Script = toScript(`${now}
local time = now()
if ARGV[2] == '' then redis.call('ZADD', KEYS[1], -time, ARGV[1])
else redis.call('ZADD', KEYS[1], 'GT', ARGV[2], ARGV[1]) end
return { string.format('%.0f', time), redis.call('ZCARD', KEYS[1]) }`);

/**
 * KEYS: an index. ARGV: the id, the score it was read with, and 1 when its record was seen, as another one. Without,
 * a creation that was announced just now may still come. What was announced long after now was so before the clock was
 * set back, or by a master whose clock was ahead.
 */
export const dropScript: Script = toScript(`${now}
local score = tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or nil)
if score == nil or score ~= tonumber(ARGV[2]) then return 0 end
if ARGV[3] == '0' and score < 0 and math.abs(now() + score) < ${abandonedAfter} then return 0 end
return redis.call('ZREM', KEYS[1], ARGV[1])`);

/** KEYS: an index. ARGV: the id of a deleted record, its last revision, when it was deleted. A later announcement stays. */
export const unlinkScript: Script = toScript(`
local score = tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or nil)
if score == nil or score > tonumber(ARGV[2]) or -score > tonumber(ARGV[3]) then return 0 end
return redis.call('ZREM', KEYS[1], ARGV[1])`);

/** KEYS: an index. Answers some of its members, and their scores. */
export const sampleScript: Script = toScript(`return redis.call('ZRANDMEMBER', KEYS[1], 128, 'WITHSCORES')`);

/** KEYS: a roster. Answers how many are in it. */
export const sizeScript: Script = toScript(`return redis.call('ZCARD', KEYS[1])`);

/** KEYS: a roster. ARGV: the id, how many may be in it. Announces a creation and answers the time; 0 when full. */
export const reserveScript: Script = toScript(`${now}
local isIn = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not isIn and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return '0' end
local time = now()
redis.call('ZADD', KEYS[1], -time, ARGV[1])
return string.format('%.0f', time)`);

function toScript(source: string): Script {
  return { source, sha: createHash("sha1").update(source).digest("hex") };
}
