import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/**
 * Opens a backend in a process, loads and closes it; what it says and its exit code, once it ends by itself. The
 * process trusts the authority of a certificate too.
 */
export async function runToItsEnd(options: object, certificate?: string): Promise<string> {
  const program = fileURLToPath(new URL("./hold-on.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", program, JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 20_000,
    env: { ...process.env, ...(certificate !== undefined && { NODE_EXTRA_CA_CERTS: certificate }) },
  });
  let said = "";
  child.stdout.on("data", (part) => {
    said += String(part);
  });
  const [code] = await once(child, "exit");
  return `${said} ${code}`;
}
