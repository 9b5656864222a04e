import { randomId, randomText, sha256 } from "../platform/built-ins.js";
import type { SessionContext } from "../session/context.js";

/** A new session key: 256 random bits as 43 characters of base64url. The secret that a client carries. */
export function createKey(): string {
  return randomText(32);
}

const keyGrammar = /^[A-Za-z0-9_-]{43}$/;

/** Whether something is a text that has the form of a key. Checked before any backend is asked. */
export function isKey(text: unknown): boolean {
  return typeof text === "string" && keyGrammar.test(text);
}

/**
 * The public name of a key, safe to store, show and log: its SHA-256 with the kind's name bound in,
 * so that a key of one kind opens nothing in another.
 */
function toHandle(kindName: string, key: string): string {
  return sha256(`${kindName}\0${key}`);
}

/** What a backend keeps the session of a key under: its handle, with the prefix of its tenant. */
export function toId({ name, tenant }: Pick<SessionContext, "name" | "tenant">, key: string): string {
  return tenant.idPrefix + toHandle(name, key);
}

const handleLength = 43;

/** The handle in an id. */
export function handleIn(id: string): string {
  return id.slice(-handleLength);
}

const handleGrammar = keyGrammar;

/** Whether a text has the form of a handle. */
export function isHandle(text: string): boolean {
  return handleGrammar.test(text);
}

/** Names one write, so that a repeated one is recognised: 48 random bits, always 8 characters. */
export function createWriteId(): string {
  return randomId(8);
}
