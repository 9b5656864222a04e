import { schemaText, sqlite, type TestProject } from "./project.js";

/** What somebody does on the first day, as a command in a project. */
export interface NewcomerMistake {
  readonly files: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  /** Where the command is run, when not in the project's folder. */
  readonly folder?: string;
  readonly prepare?: (project: TestProject) => Promise<void>;
}

const schema = (text: string, command: readonly string[] = []): NewcomerMistake => ({
  files: { "session.schema.ts": text },
  command,
});
const fields = (text: string, options?: string): NewcomerMistake => schema(schemaText(text, options));
const options = (text: string): NewcomerMistake =>
  fields(
    "userId: z.int().optional(), tags: z.array(z.string()).default([]), name: z.string().optional()",
    text,
  );
const plain = schemaText("userId: z.int().optional()");
const stored = schemaText("userId: z.int().optional()", `${sqlite}, indexes: ["userId"]`);

/** A project that was generated once, and what happened to it then. */
const generated = (
  text: string,
  command: readonly string[],
  change: (project: TestProject) => unknown,
): NewcomerMistake => ({
  ...schema(text, command),
  prepare: async (project) => {
    await project.run();
    await change(project);
  },
});

/** By name: a file of that name holds what is said. */
export const mistakes: Readonly<Record<string, NewcomerMistake>> = {
  "no-schema-file": { files: {}, command: [] },
  "wrong-folder": { files: { "src/session.schema.ts": plain }, command: [] },
  "folder-below": { files: { "session.schema.ts": plain, "src/app.ts": "" }, command: [], folder: "src" },
  "schema-without-its-option": schema(plain, ["session.schema.ts"]),
  "typo-in-command": { files: {}, command: ["migrat", "up"] },
  "typo-in-flag": { files: {}, command: ["--wacth"] },
  "flag-without-value": { files: {}, command: ["--schema"] },
  "imported-file-missing": schema(plain.replace("zod", "./zod.js")),
  "misspelt-import": schema(plain.replaceAll("defineSession", "defineSesion")),
  "package-not-installed": schema(plain.replace('"zod"', '"zodd"')),
  "no-default-export": schema(plain.replace("export default", "export const session =")),
  "syntax-error": schema(plain.replace("shape: ", "shape ")),
  "required-field": fields("email: z.string()"),
  any: fields("data: z.any()"),
  transform: fields("name: z.string().transform((name) => name.trim()).optional()"),
  refine: fields("age: z.int().refine((age) => age > 17).optional()"),
  "zod-3": schema(plain.replace('"zod"', '"zod/v3"').replace("z.int()", "z.number()")),
  "zod-3-without-a-function": schema(plain.replace('"zod"', '"zod/v3"')),
  "zod-3-installed": {
    files: {
      "session.schema.ts": plain,
      "node_modules/zod/package.json": '{ "name": "zod", "version": "3.24.1", "main": "index.js" }',
      "node_modules/zod/index.js": "exports.z = { object: () => ({}) };",
    },
    command: [],
  },
  "import-from-the-runtime": schema(plain.replace('"session-gen"', '"@session-gen/runtime"')),
  "conflict-in-schema": schema(
    plain.replace("export default", "<<<<<<< HEAD\nexport default").concat("=======\n>>>>>>> other\n"),
  ),
  "map-and-set": fields("seen: z.set(z.string()).optional(), by: z.map(z.string(), z.int()).optional()"),
  "reserved-field-name": fields("key: z.string().optional(), _secret: z.string().optional()"),
  "index-on-array": options('backend: memory(), indexes: ["tags"]'),
  "index-without-max": options('backend: memory(), indexes: ["name"]'),
  "index-of-no-field": options('backend: memory(), indexes: ["userID"]'),
  "merge-on-cookie": schema(
    schemaText(
      "visits: z.int().default(0)",
      'backend: cookie({ keys: env("KEYS") }), merge: { visits: "sum" }',
    ).replace("memory }", "memory, cookie }"),
  ),
  "weak-key": schema(
    schemaText("visits: z.int().default(0)", 'backend: cookie({ keys: "my-secret" })').replace(
      "memory }",
      "memory, cookie }",
    ),
  ),
  "duration-in-words": options('backend: memory(), expiry: { idle: "1 hour", absolute: "2 weeks" }'),
  "same-site-in-capitals": options('backend: memory(), cookie: { sameSite: "Lax" }'),
  "same-site-none": options('backend: memory(), cookie: { sameSite: "none", secure: false }'),
  "typo-in-option": options('backend: memory(), compress: { algorithm: "gzip" }, index: ["userId"]'),
  "adapter-as-text": options('backend: memory(), adapters: "express"'),
  "backend-as-text": options('backend: "redis"'),
  "database-url-of-another": options('backend: database({ dialect: "postgres", url: "localhost:5432/app" })'),
  "two-schemas-of-one-name": {
    files: { "session.schema.ts": plain, "admin.schema.ts": plain },
    command: ["--schema", "session.schema.ts", "--schema", "admin.schema.ts"],
  },
  "private-key-unset": generated(
    schemaText(
      "visits: z.int().default(0)",
      'backend: jwt({ algorithm: "EdDSA", keys: env("JWT_KEYS"), issuer: "i", audience: "a" })',
    ).replace("memory }", "memory, jwt }"),
    ["doctor"],
    () => undefined,
  ),
  "output-of-a-person": generated(plain, [], (project) => project.write("generated/shape.ts", "// mine\n")),
  "output-is-a-file": { files: { "session.schema.ts": plain, generated: "" }, command: [] },
  "model-file-deleted": generated(plain, [], (project) => project.delete("session.model.json")),
  "conflict-in-model-file": generated(plain, [], (project) =>
    project.write(
      "session.model.json",
      `<<<<<<< HEAD\n${project.read("session.model.json")}=======\n>>>>>>> other\n`,
    ),
  ),
  "output-forgotten": generated(plain, ["--check"], (project) =>
    project.write(
      "session.schema.ts",
      schemaText("theme: z.string().optional(), userId: z.int().optional()"),
    ),
  ),
  "init-twice": { files: { "package.json": "{}", "session.schema.ts": plain }, command: ["init"] },
  "init-nowhere": { files: {}, command: ["init"] },
  "migrate-without-word": schema(stored, ["migrate"]),
  "migrate-without-variable": generated(stored, ["migrate", "up"], () => undefined),
  "migrate-before-generate": schema(stored, ["migrate", "up", "--url", "sessions.sqlite"]),
  "migrate-without-database": generated(plain, ["migrate", "status"], () => undefined),
  "cleanup-before-migrate": schema(stored.replace('env("TEST_DATABASE_URL")', '"./sessions.sqlite"'), [
    "cleanup",
  ]),
  "copy-without-schemas": { files: {}, command: ["copy"] },
};
