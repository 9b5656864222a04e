import { type Command, CommandError, textOption } from "../command.js";

/** `session-gen doctor`: what is wrong with a project, and what to do about each. */
export const doctorCommand: Command = {
  help: {
    usage: "doctor [options]",
    codes: { 1: "something is to be fixed: it says what", 2: "wrong usage, or the schema has faults" },
    example: "session-gen doctor",
  },
  options: {
    schema: { type: "string", value: "FILE", description: "the schema file (session.schema.ts)" },
    json: { type: "boolean", description: "print one JSON object" },
  },
  run: async (context, values, words) => {
    if (words.length > 0) throw new CommandError(`doctor takes no "${words[0]}".`);
    const { readSchema } = await import("../stores/read-schema.js");
    const { examine } = await import("../doctor/examine.js");
    const findings = await examine(await readSchema(context, textOption(values, "schema")), context);
    const isFine = findings.every(({ state }) => state !== "fix");
    if (values["json"] === true) {
      const status = isFine ? "ok" : "stale";
      context.print(`${JSON.stringify({ status, files: [], errors: [], checks: findings })}\n`);
    } else {
      const width = Math.max(...findings.map(({ check }) => check.length));
      for (const { check, state, message } of findings)
        context.print(`${state.padEnd(5)} ${check.padEnd(width)}  ${message}\n`);
    }
    return isFine ? 0 : 1;
  },
};
