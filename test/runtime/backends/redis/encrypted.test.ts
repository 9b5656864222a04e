import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { freePort } from "../../../servers/free-port.js";
import { startRedis, startRedisProcess } from "../../../servers/redis.js";
import { until } from "../../../servers/until.js";
import { temporaryFolder } from "../../../suites/faults/temporary-folder.js";
import { runToItsEnd } from "./run-to-its-end.js";

const folder = temporaryFolder();
const certificate = join(folder, "certificate.pem");
const key = join(folder, "key.pem");
execFileSync(
  "openssl",
  `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=redis
    -addext subjectAltName=IP:127.0.0.1 -keyout ${key} -out ${certificate}`.split(/\s+/),
  { stdio: "ignore", timeout: 60_000 },
);
const ports = { redis: await freePort(), sentinel: await freePort() };
const encryption = {
  "tls-cert-file": certificate,
  "tls-key-file": key,
  "tls-ca-cert-file": certificate,
  "tls-auth-clients": "no",
  "tls-replication": "yes",
};
const server = await startRedis({ settings: { ...encryption, "tls-port": String(ports.redis) } });
const sentinel = await startRedisProcess(
  "redis-sentinel",
  (home) => [join(home, "sentinel.conf"), "--sentinel"],
  { ...encryption, "tls-port": String(ports.sentinel) },
  async (home) =>
    writeFileSync(join(home, "sentinel.conf"), `sentinel monitor encrypted 127.0.0.1 ${ports.redis} 1\n`),
);

afterAll(async () => {
  await Promise.all([server.stop(), sentinel.stop()]);
});

describe("an address of rediss:", () => {
  const address = `rediss://127.0.0.1:${ports.redis}`;

  test("is reached with encryption", async () => {
    expect(await runToItsEnd({ url: address }, certificate)).toBe("null 0");
  });

  test("of a Sentinel means that the master is reached with encryption too", async () => {
    const sentinels = { hosts: [`rediss://127.0.0.1:${ports.sentinel}`], name: "encrypted" };
    await until(async () => (await runToItsEnd({ sentinels }, certificate)) === "null 0", {
      what: "the master answers",
      milliseconds: 15_000,
    });
  }, 30_000);
});
