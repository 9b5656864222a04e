import { join } from "node:path";
import { createDatabaseBackend, type DatabaseBackend } from "../../../runtime/backends/database.js";
import { createProject, type TestProject, type TestRun } from "./project.js";

/** A project with two schemas of one shape, whose stores are two SQLite files with their tables. */
export interface StoreProject {
  readonly project: TestProject;
  readonly from: DatabaseBackend;
  readonly to: DatabaseBackend;
  /** Runs a command and gives the part of its JSON named, with the rest. */
  json(...args: string[]): Promise<TestRun & { readonly part: unknown; readonly status: string }>;
  remove(): Promise<void>;
}

export async function createStoreProject(): Promise<StoreProject> {
  const project = createProject();
  const open = async (name: string): Promise<DatabaseBackend> => {
    const url = join(project.folder, `${name}.sqlite`);
    project.write(
      `${name}.schema.ts`,
      storeSchema(`database({ dialect: "sqlite", url: ${JSON.stringify(url)} })`),
    );
    const columns = { userId: { column: "user_id", type: "integer" } } as const;
    const backend = createDatabaseBackend({ dialect: "sqlite", url, columns });
    await backend.createTable();
    return backend;
  };
  const [from, to] = [await open("from"), await open("to")];
  return {
    project,
    from,
    to,
    json: async (...args) => {
      const run = await project.run(...args, "--json");
      const printed: Readonly<Record<string, unknown>> = JSON.parse(run.out);
      return { ...run, status: String(printed["status"]), part: printed["copy"] ?? printed["deleted"] };
    },
    remove: async () => {
      await from.close();
      await to.close();
      project.remove();
    },
  };
}

/** A schema with an index, over a backend given as code. */
export function storeSchema(backend: string, options = ""): string {
  return `import { cached, cookie, custom, database, defineSession, env, file, memory, redis, replicated } from "session-gen";
import { z } from "zod";
export default defineSession({ shape: z.object({ userId: z.int().optional() }), indexes: ["userId"], ${options}
  backend: ${backend} });
`;
}
