import { randomBytes } from "node:crypto";
import { type Command, CommandError } from "../command.js";

/** `session-gen keygen`: 32 random bytes as base64url, alone on the standard output. */
export const keygenCommand: Command = {
  help: { usage: "keygen", codes: {}, example: "SESSION_KEYS=$(session-gen keygen)" },
  options: {},
  run: async ({ print }, _values, words) => {
    if (words.length > 0) throw new CommandError(`keygen takes no "${words[0]}".`);
    print(`${randomBytes(32).toString("base64url")}\n`);
    return 0;
  },
};
