/**
 * Loaded before a command by `--import die-at-statement.js?driver=pg&at=7&moment=during`: its process kills itself when
 * it sends that statement to a database, `before` it is sent or `during` its work; 0 is never. Says at its end how many
 * it has sent.
 */
import { createRequire } from "node:module";
import { say } from "./say.js";

const words = new URL(import.meta.url).searchParams;
const at = Number(words.get("at"));
const isBefore = words.get("moment") === "before";
const driver = words.get("driver") ?? "";
const require = createRequire(import.meta.url);
let sent = 0;

/** What sends statements, and the methods by which it does. */
const senders: Readonly<Record<string, () => readonly [object, ...string[]]>> = {
  pg: () => [require("pg").Client.prototype, "query"],
  mysql2: () => [ownerOf(require("mysql2").Connection.prototype, "query"), "query"],
  "better-sqlite3": () => {
    const memory = new (require("better-sqlite3"))(":memory:");
    return [Object.getPrototypeOf(memory.prepare("select 1")), "run", "all", "get", "iterate"];
  },
};

function ownerOf(prototype: object, method: string): object {
  return Object.hasOwn(prototype, method) ? prototype : ownerOf(Object.getPrototypeOf(prototype), method);
}

function die(): void {
  process.kill(process.pid, "SIGKILL");
}

const [prototype, ...methods] = senders[driver]?.() ?? [{}];
for (const method of methods) {
  const send: unknown = Reflect.get(prototype, method);
  if (typeof send !== "function") throw new Error(`${driver} has no ${method}().`);
  Reflect.set(prototype, method, function (this: unknown, ...args: readonly unknown[]): unknown {
    sent += 1;
    if (sent === at && isBefore) die();
    const answer: unknown = Reflect.apply(send, this, args);
    // A server has it by then; SQLite has done it.
    if (sent === at) driver === "better-sqlite3" ? die() : setImmediate(die);
    return answer;
  });
}
process.on("exit", () => say(String(sent)));
