import { createDraw, type Draw } from "./draw.js";
import { type DrawnObject, drawMembers, drawPresence } from "./drawn-kind.js";
import { drawFieldName, refusedFieldNames } from "./hostile-texts.js";
import type { Words } from "./schema-text.js";

/** A random schema: its shape, and the options beside it. */
export interface DrawnSchema {
  readonly seed: number;
  readonly shape: DrawnObject;
  readonly options: string;
}

/** The schema of a seed: up to 100 fields, up to six deep, in few cases one that must be refused. */
export function drawSchema(seed: number): DrawnSchema {
  const draw = createDraw(seed);
  const names = draw.times(1, draw.pick([...sizes]), () => drawFieldName(draw));
  if (draw.chance(0.05)) names.push(draw.pick(refusedFieldNames));
  const members = drawMembers(draw, names, 6).map((member) => ({
    ...member,
    presence: draw.chance(0.002) ? ("required" as const) : drawPresence(draw, member.kind),
  }));
  return { seed, shape: { is: "object", members }, options: drawOptions(draw, members) };
}

/** As a file; the shape stands on lines of its own. */
export function schemaText({ shape, options }: DrawnSchema, words: Words): string {
  return `import { defineSession, memory } from "session-gen";
${words.imports}

export default defineSession({
shape: ${words.shape(shape)},
${options}
});
`;
}

/** Mostly small, so that many fit into a night; one in twenty is large. */
const sizes: readonly number[] = [...Array<number>(12).fill(3), ...Array<number>(7).fill(15), 100];

function drawOptions(draw: Draw, members: DrawnObject["members"]): string {
  const codec = draw.pick(["json", "json", "json", "protobuf", "bincode", "msgpack"]);
  const name = draw.chance(0.2) ? 'name: "adminSession", ' : "";
  const redacted = members.filter(() => draw.chance(0.1)).map((member) => JSON.stringify(member.name));
  return `${name}backend: memory(), codec: ${JSON.stringify(codec)}, redact: [${redacted.join(", ")}],`;
}
