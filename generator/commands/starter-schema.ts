import { quote } from "../emit/literal.js";
import type { Project, StarterBackend } from "./project.js";

/** The text of a first `session.schema.ts`. */
export function starterSchema(project: Project): string {
  const { shape, importLine } = project.shapes === "zod" ? zodShape : typeboxShape(project.shapes);
  const { words, call } = backends[project.backend];
  const output = project.output === "./generated" ? "" : `  output: ${quote(project.output)},\n`;
  const adapters = `  adapters: [${project.adapters.map(quote).join(", ")}],\n`;
  const [type, before, after] = project.isAnnotated
    ? [", type SessionDefinition", "const schema: SessionDefinition =", "\nexport default schema;\n"]
    : ["", "export default", ""];
  return `import { ${words}${type} } from "session-gen";
${importLine}

${before} defineSession({
${shape}
  indexes: ["userId"], // log out everywhere: sessions.revoke({ userId })
  merge: { visits: "sum" }, // two requests at once: both count
  backend: ${call},
${output}${project.adapters.length > 0 ? adapters : ""}});
${after}`;
}

const backends: Readonly<Record<StarterBackend, { readonly words: string; readonly call: string }>> = {
  memory: { words: "defineSession, memory", call: "memory()" },
  sqlite: database("sqlite", "./sessions.sqlite"),
  postgres: database("postgres", "postgres://postgres@127.0.0.1:5432/app"),
  mysql: database("mysql", "mysql://root@127.0.0.1:3306/app"),
  redis: {
    words: "defineSession, env, redis",
    call: 'redis({ url: env("REDIS_URL", "redis://127.0.0.1:6379") })',
  },
};

function database(dialect: string, url: string): { readonly words: string; readonly call: string } {
  return {
    words: "database, defineSession, env",
    call: `database({ dialect: ${quote(dialect)}, url: env("DATABASE_URL", ${quote(url)}) })`,
  };
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
