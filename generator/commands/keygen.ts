import { randomBytes } from "node:crypto";
import type { Command } from "../command.js";

/** `session-gen keygen`: 32 random bytes as base64url, alone on the standard output. */
export const keygenCommand: Command = {
  options: {},
  run: async ({ print }) => {
    print(`${randomBytes(32).toString("base64url")}\n`);
    return 0;
  },
};
