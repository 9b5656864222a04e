import { createCipheriv, createDecipheriv, hash, randomBytes } from "node:crypto";

/** The SHA-256 of a text's UTF-8 bytes, as 43 characters of base64url. */
export function sha256(text: string): string {
  return hash("sha256", text, "base64url");
}

/** So many bytes of the system's secure randomness, as base64url. */
export function randomText(byteCount: number): string {
  return randomBytes(byteCount).toString("base64url");
}

/** Encrypts a text under a secret of high entropy (AES-256-GCM, random nonce), as base64url. */
export function sealText(text: string, secret: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", sealingKey(secret), nonce);
  const sealed = Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return sealed.toString("base64url");
}

/** What `sealText` encrypted under the same secret, or `null`. */
export function openText(sealed: string, secret: string): string | null {
  const bytes = Buffer.from(sealed, "base64url");
  if (bytes.length < 28) return null;
  try {
    const decipher = createDecipheriv("aes-256-gcm", sealingKey(secret), bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString("utf8");
  } catch {
    return null;
  }
}

function sealingKey(secret: string): Buffer {
  return hash("sha256", `session-gen sealing\0${secret}`, "buffer");
}

/** The name of the method by which `console.log` shows an object. */
export const customInspect: symbol = Symbol.for("nodejs.util.inspect.custom");
