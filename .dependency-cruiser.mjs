// Which folders and files may import which. Reasons: docs/decisions/0048. How to work with it: CONTRIBUTING.md.

/** The rooms of the runtime, from the bottom to the top, each with the rooms that it may import. */
const rooms = {
  types: [],
  platform: ["types"],
  record: ["types", "platform"],
  codecs: ["types", "platform", "record"],
  compression: ["types", "platform", "record"],
  backends: ["types", "platform"],
  observability: ["types", "platform"],
  store: ["types", "platform", "record"],
  session: ["types", "platform", "record", "store"],
  admin: ["types", "platform", "record", "store", "session"],
  transport: ["types", "platform", "record", "session"],
};

/** A room as a pattern. `token` is what the store still has to replace. */
const patternOf = (room) => (room === "store" ? "store|token" : room);

/** The files of some rooms. */
const filesOf = (names) => `^runtime/(${names.map(patternOf).join("|")})/`;

const roomRules = Object.entries(rooms).map(([room, imported]) => ({
  name: `runtime/${room}`,
  severity: "error",
  comment: `runtime/${room} may import ${["only itself", ...imported].join(", ")}.`,
  from: { path: filesOf([room]) },
  to: { path: "^runtime/", pathNot: filesOf([room, ...imported]) },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    {
      name: "file-circle",
      severity: "error",
      comment:
        "Files that import each other, types included, are one file, or share something that belongs below both.",
      from: {},
      to: { circular: true },
    },
    {
      name: "folder-circle",
      severity: "error",
      scope: "folder",
      comment: "Folders import one way. What two of them need stands in the lower one.",
      from: {},
      to: { circular: true },
    },
    ...roomRules,
    {
      name: "runtime/sessions",
      severity: "error",
      comment: "The files that compose sessions stand below the adapters.",
      from: { path: "^runtime/[^/]+$", pathNot: "^runtime/index\\.ts$" },
      to: { path: "^runtime/(http/|testing/|index\\.ts$)" },
    },
    {
      name: "runtime/http",
      severity: "error",
      comment: "Adapters and entry points work without the tools for tests.",
      from: { path: "^runtime/(http/|index\\.ts$)" },
      to: { path: "^runtime/testing/" },
    },
    {
      name: "runtime-new-room",
      severity: "error",
      comment: "A new room of the runtime needs a line in the table above.",
      from: { path: "^runtime/[^/]+/", pathNot: filesOf([...Object.keys(rooms), "http", "testing"]) },
      to: {},
    },
    {
      name: "runtime",
      severity: "error",
      comment: "The runtime is a package of its own.",
      from: { path: "^runtime/" },
      to: { dependencyTypes: ["local"], pathNot: "^runtime/" },
    },
    {
      name: "schema",
      severity: "error",
      comment: "A schema file loads the words that it is written in, and nothing else.",
      from: { path: "^schema/" },
      to: { dependencyTypes: ["local"], pathNot: "^schema/" },
    },
    {
      name: "generator",
      severity: "error",
      comment: "The generator reaches the runtime only by the name of its package.",
      from: { path: "^generator/" },
      to: { dependencyTypes: ["local"], pathNot: "^(generator|schema)/" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    exclude: { path: "(^|/)(node_modules|dist)/" },
  },
};
