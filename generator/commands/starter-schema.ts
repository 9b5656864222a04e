import { quote } from "../emit/literal.js";
import type { Project } from "./project.js";

/** The text of a first `session.schema.ts`. */
export function starterSchema(project: Project): string {
  const { shape, importLine } = project.shapes === "zod" ? zodShape : typeboxShape(project.shapes);
  const word = project.backend === "sqlite" ? "database" : "memory";
  const words = project.backend === "sqlite" ? "database, defineSession, env" : "defineSession, memory";
  const backend =
    project.backend === "sqlite"
      ? 'database({ dialect: "sqlite", url: env("DATABASE_URL", "./sessions.sqlite") })'
      : `${word}()`;
  const adapters = `  adapters: [${project.adapters.map(quote).join(", ")}],\n`;
  return `import { ${words} } from "session-gen";
${importLine}

export default defineSession({
${shape}
  indexes: ["userId"], // log out everywhere: sessions.revoke({ userId })
  merge: { visits: "sum" }, // two requests at once: both count
  backend: ${backend},
${project.adapters.length > 0 ? adapters : ""}});
`;
}

const zodShape = {
  importLine: 'import { z } from "zod";',
  shape: `  shape: z.object({
    /** The signed-in user. */
    userId: z.int().optional(),
    /** Pages seen. */
    visits: z.int().default(0),
  }),`,
};

function typeboxShape(packageName: string): { readonly importLine: string; readonly shape: string } {
  return {
    importLine: `import { Type } from ${quote(packageName)};`,
    shape: `  shape: Type.Object({
    /** The signed-in user. */
    userId: Type.Optional(Type.Integer()),
    /** Pages seen. */
    visits: Type.Integer({ default: 0 }),
  }),`,
  };
}
