import { isPlainEmail } from "@session-gen/runtime/codecs/protobuf";
import type { SessionData } from "./example/generated/index.js";

/**
 * What somebody would write who has this session and no other wish: the bytes and the checks of the generated codec, and
 * nothing else that it does. Unknown fields are refused instead of kept, only ASCII is read and written at once, no error names its
 * field, and nothing else may be decoded meanwhile. How near to this the generated code comes is what the bench tells.
 */
const roles = [undefined, "admin", "editor", "author", "viewer"] as const;
const themes = [undefined, "light", "dark", "system"] as const;
const languages = [undefined, "en", "de", "fr", "es"] as const;
const email =
  /^(?:[A-Za-z0-9_'+-]+\.)*[A-Za-z0-9_'+-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$/;

type Preferences = NonNullable<SessionData["preferences"]>;
type CartItem = SessionData["cart"][number];

let bytes: Buffer = Buffer.alloc(4096);
let latin = "";
let position = 0;

/** The data in such bytes. */
export function decodeByHand(source: Buffer): SessionData {
  bytes = source;
  latin = source.toString("latin1");
  position = 0;
  const data: SessionData = { authenticated: false, roles: [], cart: [], flash: [], visits: 0 };
  while (position < bytes.length) readField(data, byte());
  refuseIf(data.roles.length > 8 || data.cart.length > 100 || data.flash.length > 10);
  return data;
}

function readField(data: SessionData, tag: number): void {
  if (tag === 8) {
    data.userId = integer();
    refuseIf(data.userId < 1);
  } else if (tag === 18) data.username = text(1, 64);
  else if (tag === 26) {
    data.email = text(0, 254);
    refuseIf(!isPlainEmail(data.email) && !email.test(data.email));
  } else if (tag === 32) data.authenticated = boolean();
  else if (tag === 42) for (const end = messageEnd(); position < end; ) data.roles.push(oneOf(roles));
  else if (tag === 48) data.lastLogin = new Date(integer());
  else if (tag === 58) data.preferences = readPreferences(messageEnd());
  else if (tag === 66) data.cart.push(readCartItem(messageEnd()));
  else if (tag === 74) data.csrfToken = text(0, 64);
  else if (tag === 82) data.flash.push(text(0, 200));
  else if (tag === 90) data.locale = text(0, 35);
  else if (tag === 96) data.visits = integer();
  else refuseIf(true);
}

function readPreferences(end: number): Preferences {
  expectByte(8);
  const theme = oneOf(themes);
  expectByte(16);
  const language = oneOf(languages);
  expectByte(24);
  const notifications = boolean();
  expectByte(34);
  const timezone = text(0, 64);
  refuseIf(position !== end);
  return { theme, language, notifications, timezone };
}

function readCartItem(end: number): CartItem {
  expectByte(10);
  const sku = text(1, 32);
  expectByte(18);
  const title = text(0, 200);
  expectByte(24);
  const quantity = integer();
  expectByte(32);
  const priceCents = integer();
  refuseIf(position !== end || quantity < 1 || quantity > 99);
  return { sku, title, quantity, priceCents };
}

function byte(): number {
  refuseIf(position >= bytes.length);
  return bytes[position++] ?? 0;
}

function expectByte(expected: number): void {
  refuseIf(byte() !== expected);
}

function boolean(): boolean {
  const value = byte();
  refuseIf(value > 1);
  return value === 1;
}

function oneOf<Value>(values: readonly (Value | undefined)[]): Value {
  const value = values[byte()];
  if (value === undefined) throw new Error("not of this session");
  return value;
}

function integer(): number {
  let value = 0;
  for (let weight = 1; ; weight *= 0x80) {
    const part = byte();
    value += (part & 0x7f) * weight;
    if (part < 0x80) break;
  }
  refuseIf(!Number.isSafeInteger(value));
  return value;
}

function messageEnd(): number {
  const end = integer() + position;
  refuseIf(end > bytes.length);
  return end;
}

function text(least: number, most: number): string {
  const length = integer();
  const start = position;
  const end = start + length;
  refuseIf(length < least || length > most || end > bytes.length);
  let bits = 0;
  for (let index = start; index < end; index += 1) bits |= bytes[index] ?? 0;
  position = end;
  return bits < 0x80 ? latin.substring(start, end) : bytes.toString("utf8", start, end);
}

/** The bytes of such data. */
export function encodeByHand(data: SessionData): Buffer {
  const { userId, username, email: address, lastLogin, preferences, csrfToken, locale } = data;
  bytes = scratch;
  position = 0;
  if (userId !== undefined) writeInteger(8, userId, 1);
  if (username !== undefined) writeText(18, username, 1, 64);
  if (address !== undefined) {
    writeText(26, address, 0, 254);
    refuseIf(!isPlainEmail(address) && !email.test(address));
  }
  writeInteger(32, data.authenticated ? 1 : 0, 0);
  if (data.roles.length > 0) writeMessage(42, data.roles, (list) => list.forEach(writeRole));
  if (lastLogin !== undefined) writeInteger(48, lastLogin.getTime(), 0);
  if (preferences !== undefined) writeMessage(58, preferences, writePreferences);
  for (const item of data.cart) writeMessage(66, item, writeCartItem);
  if (csrfToken !== undefined) writeText(74, csrfToken, 0, 64);
  for (const line of data.flash) writeText(82, line, 0, 200);
  if (locale !== undefined) writeText(90, locale, 0, 35);
  writeInteger(96, data.visits, 0);
  refuseIf(data.roles.length > 8 || data.cart.length > 100 || data.flash.length > 10);
  return Buffer.from(bytes.subarray(0, position));
}

const scratch = Buffer.alloc(4096);

function writePreferences({ theme, language, notifications, timezone }: Preferences): void {
  writeInteger(8, themes.indexOf(theme), 1);
  writeInteger(16, languages.indexOf(language), 1);
  writeInteger(24, notifications ? 1 : 0, 0);
  writeText(34, timezone, 0, 64);
}

function writeCartItem({ sku, title, quantity, priceCents }: CartItem): void {
  writeText(10, sku, 1, 32);
  writeText(18, title, 0, 200);
  writeInteger(24, quantity, 1);
  writeInteger(32, priceCents, 0);
  refuseIf(quantity > 99);
}

function writeRole(role: SessionData["roles"][number]): void {
  const code = roles.indexOf(role);
  refuseIf(code < 0);
  bytes[position++] = code;
}

/** A message of at most 127 bytes. */
function writeMessage<Value>(tag: number, value: Value, write: (value: Value) => void): void {
  bytes[position] = tag;
  position += 2;
  const start = position;
  write(value);
  refuseIf(position - start > 0x7f);
  bytes[start - 1] = position - start;
}

function writeInteger(tag: number, value: number, least: number): void {
  refuseIf(!Number.isSafeInteger(value) || value < least);
  bytes[position++] = tag;
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes[position++] = (rest % 0x80) | 0x80;
  bytes[position++] = rest;
}

/** A text of at most 127 characters. */
function writeText(tag: number, value: string, least: number, most: number): void {
  const { length } = value;
  refuseIf(typeof value !== "string" || length < least || length > most || length > 0x7f);
  bytes[position] = tag;
  bytes[position + 1] = length;
  const start = position + 2;
  let bits = 0;
  for (let index = 0; index < length; index += 1) {
    const unit = value.charCodeAt(index);
    bits |= unit;
    bytes[start + index] = unit;
  }
  refuseIf(bits >= 0x80);
  position = start + length;
}

function refuseIf(isWrong: boolean): void {
  if (isWrong) throw new Error("not of this session");
}
