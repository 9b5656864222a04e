import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Opens a backend in a process, loads and closes it; what it says and its exit code, once it ends by itself. */
export async function runToItsEnd(options: object): Promise<string> {
  const program = fileURLToPath(new URL("./hold-on.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", program, JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 20_000,
  });
  let said = "";
  child.stdout.on("data", (part) => {
    said += String(part);
  });
  const [code] = await once(child, "exit");
  return `${said} ${code}`;
}
