import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { alone } from "./test/suites/alone.js";

const source = (path: string): string => new URL(path, import.meta.url).pathname;

/** Many tests wait, for servers and commands. */
const maxWorkers = availableParallelism() + 1;

const aloneFiles = alone.map((path) => (path.endsWith("/") ? `${path}**/*.test.ts` : path));

/** Tests run against the sources; what must be seen as a user sees it runs the built packages in a child process. */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^session-gen$/, replacement: source("./schema/index.ts") },
      { find: /^session-gen\/typebox$/, replacement: source("./schema/typebox.ts") },
      { find: /^@session-gen\/runtime$/, replacement: source("./runtime/index.ts") },
      { find: /^@session-gen\/runtime\/testing$/, replacement: source("./runtime/testing/index.ts") },
      { find: /^@session-gen\/runtime\/backends\/(.+)$/, replacement: source("./runtime/backends/$1.ts") },
      { find: /^@session-gen\/runtime\/codecs\/(.+)$/, replacement: source("./runtime/codecs/$1.ts") },
      {
        find: /^@session-gen\/runtime\/observability\/(.+)$/,
        replacement: source("./runtime/observability/$1.ts"),
      },
      {
        find: /^@session-gen\/runtime\/compression\/(.+)$/,
        replacement: source("./runtime/compression/$1.ts"),
      },
      { find: /^@session-gen\/runtime\/(.+)$/, replacement: source("./runtime/http/$1.ts") },
    ],
  },
  test: {
    globalSetup: "./test/suites/bundle-processes.ts",
    reporters: ["default", "./test/suites/stuck-files.ts"],
    testTimeout: 90_000,
    hookTimeout: 120_000,
    // Its modules name each other without an extension, which Node does not understand.
    server: { deps: { inline: ["bincode-ts"] } },
    setupFiles: "./test/suites/each-file.ts",
    projects: [
      {
        extends: true,
        // Files of one process share what they import, and its servers, which is a fifth of all work. What a file needs
        // at its end it asks of `atEndOfFile`.
        test: {
          name: "shared",
          include: ["test/**/*.test.ts"],
          exclude: ["test/faults/**", ...aloneFiles],
          isolate: false,
          maxWorkers,
        },
      },
      {
        extends: true,
        test: { name: "alone", include: aloneFiles, maxWorkers },
      },
      {
        extends: true,
        // After all others, since they measure how long answers take; two at once, since they wait for most of their time.
        test: {
          name: "faults",
          include: ["test/faults/**/*.test.ts"],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
