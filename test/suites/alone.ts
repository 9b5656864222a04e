/**
 * Test files, or folders of them, with a process each: they measure their process, ask what it holds or what it has
 * warned of once, load modules anew, or replace its timers, which are also those of what an earlier file left at work; or
 * they run the command so often that the loaders that it leaves behind, one each time, would slow all later files down.
 */
export const alone = [
  "test/generator/commands/newcomer.test.ts",
  "test/generator/commands/progress.test.ts",
  "test/generator/commands/reindex.test.ts",
  "test/generator/emit/golden.test.ts",
  "test/generator/load/refused-schemas.test.ts",
  "test/generator/migrate/ahead.test.ts",
  "test/generator/migrate/contract.test.ts",
  "test/runtime/observability/sinks.test.ts",
  "test/runtime/backends/database-frozen.test.ts",
  "test/runtime/backends/database-sweep.test.ts",
  "test/runtime/backends/jwt-published.test.ts",
  "test/runtime/backends/memory.test.ts",
  "test/runtime/backends/redis/bundled-writes.test.ts",
  "test/runtime/backends/redis/connection.test.ts",
  "test/runtime/backends/replicated/back-off.test.ts",
  "test/runtime/backends/replicated/cached-primary.test.ts",
  "test/runtime/backends/replicated/heartbeat.test.ts",
  "test/runtime/backends/replicated/model.test.ts",
  "test/runtime/backends/replicated/slow-walks.test.ts",
  "test/runtime/cleanup.test.ts",
  "test/runtime/cost/",
  "test/runtime/http/late-use.test.ts",
  "test/runtime/layers/deadline.test.ts",
  "test/runtime/layers/process-atomicity.test.ts",
  "test/runtime/record/compression/",
  "test/runtime/sealed/kept-memory.test.ts",
  "test/runtime/sharing.test.ts",
  "test/servers/",
  "test/types/",
];
