import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";

/** Microseconds of processor time that `node:crypto` takes for some bytes, one a round. */
export interface CipherCost {
  /** To open them, sealed by AES-256-GCM. */
  readonly open: readonly number[];
  /** For an HMAC-SHA256 over them. */
  readonly authenticate: readonly number[];
}

const calls = 20_000;

/** Measures both in turn; the first round only warms up. */
export function cipherCost(byteCount: number, rounds: number): CipherCost {
  const [key, nonce, plain] = [randomBytes(32), randomBytes(12), randomBytes(byteCount)];
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  const tag = cipher.getAuthTag();
  const open = (): unknown => {
    const decipher = createDecipheriv("aes-256-gcm", key, nonce).setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed), decipher.final()]);
  };
  const authenticate = (): unknown => createHmac("sha256", key).update(sealed).digest();
  const found = Array.from({ length: rounds + 1 }, () => ({
    open: microseconds(open),
    authenticate: microseconds(authenticate),
  })).slice(1);
  return {
    open: found.map((each) => each.open),
    authenticate: found.map((each) => each.authenticate),
  };
}

function microseconds(run: () => unknown): number {
  const start = process.cpuUsage();
  for (let call = 0; call < calls; call += 1) run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / calls;
}
