import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { bundleScript } from "./bundle.js";
import { codecs } from "./codec-tasks.js";
import { type Chart, publish, type ResultRow } from "./results.js";
import { sessionTasks } from "./session-tasks.js";
import { median } from "./statistics.js";

/**
 * What a session of twelve fields costs in bytes and processor time, as ratios, beside the goals. Each codec has a process
 * of its own, as in an app: in one with several, what they share is compiled for all of them. Now and then V8 compiles a
 * codec worse, for as long as the process lives: so there are many: 15 of each, or as many as an argument says, as in `-- 25`.
 */
type Figures = Readonly<Record<string, number>>;

/** What each run has found, by group. */
type Found = ReadonlyMap<string, readonly Figures[]>;

const byHandLimit =
  "the row by hand is code for this one session, without unknown fields, limits and errors that name a field";
const loadLimit =
  "the row of a `Map` is the least of it by hand: the hash of the key, the codec by hand, and a text that is kept; ours gives a promise and a session, and decodes by the codec above";
const saveLimit =
  "two fifths of it are the codec, as above; the rows of a `Map` are the least of it by hand, and the same with a comparison of the fields and of the revision, a write id and a promise; ours checks what has changed, merges it, and keeps the table, its indexes and its queue of expiries besides";

const uses = [
  { name: "size", group: "Bytes", against: "JSON's", protobuf: 0.44, bincode: 0.38 },
  {
    ...{ name: "encode", group: "Encoding", against: "`JSON.stringify` into a Buffer" },
    ...{ protobuf: 0.5, bincode: 0.5 },
  },
  { name: "decode", group: "Decoding", against: "`JSON.parse`", protobuf: 0.42, bincode: 0.42 },
];

const [, , runs = "15"] = process.argv;
const script = bundleScript("codec-process");
try {
  tell(measureAll(Number(runs)));
} finally {
  rmSync(script);
}

function measureAll(runs: number): Found {
  const groups = [...Object.keys(codecs), ...Object.keys(sessionTasks), "checks", "by hand"];
  const found = new Map(groups.map((group): [string, Figures[]] => [group, []]));
  for (let run = 0; run < runs; run += 1)
    for (const group of groups) found.get(group)?.push(inProcess(group));
  return found;
}

function inProcess(group: string): Figures {
  const { stdout, status } = spawnSync(process.execPath, [script, group], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`${group} was not measured.`);
  return JSON.parse(stdout);
}

function tell(found: Found): void {
  const values = (process: string, name: string): number[] =>
    (found.get(process) ?? []).map((figures) => figures[name] ?? Number.NaN);
  const ofCodecs = uses.flatMap(({ name, group, against, protobuf, bincode }) =>
    Object.keys(codecs).map(
      (codec): ResultRow => ({
        ...{ group, what: codec, against, values: values(codec, name) },
        ...(codec === "ours, protobuf" && { atMost: protobuf, limit: byHandLimit }),
        ...(codec === "ours, bincode" && { atMost: bincode, limit: byHandLimit }),
      }),
    ),
  );
  publish("codecs", {
    title: "Codecs and validators: processor time and bytes",
    conditions: [
      "The session of bench/example. Ours and the one by hand validate what they read and write; msgpackr and cbor-x with shared structures and protobufjs with `session.proto` do not.",
      `Each codec, and each use of a session, in a process of its own, ${runs} of each. A process measures each call against JSON before and after it, in turn, and gives the ratio of what all calls together took, the collector included; a figure is the median of the processes.`,
      "Sessions in memory, in protobuf: 100 in turn, and one that is saved again and again, each time with one field changed. What a session holds is kept as a text when it is written, and as what was read once it has been (docs/decisions/0040). One that was just loaded was not read before.",
    ],
    rows: [...ofCodecs, ...sessionRows(values), ...checkRows(values)],
    charts: uses.map((use) => chartOf(found, use)),
  });
}

type Values = (process: string, name: string) => number[];

function sessionRows(values: Values): readonly ResultRow[] {
  const load = { group: "Sessions in memory", against: "`JSON.parse`" };
  const save = { group: "Sessions in memory", against: "`JSON.stringify` into a Buffer" };
  return [
    {
      ...{ ...load, what: "`sessions.load`, read before", atMost: 1 },
      values: values("load, read before", "time"),
    },
    {
      ...{ ...load, what: "`sessions.load`, not read before", atMost: 1, limit: loadLimit },
      values: values("load, not read before", "time"),
    },
    { ...load, what: "a load from a `Map` by hand", values: values("by hand", "load") },
    {
      ...{ ...save, what: "`session.save`, again and again", atMost: 1.2, limit: saveLimit },
      values: values("save, again and again", "time"),
    },
    {
      ...{ ...save, what: "`session.save`, just loaded", atMost: 1.2, limit: saveLimit },
      values: values("save, just loaded", "time"),
    },
    { ...save, what: "a save into a `Map` by hand", values: values("by hand", "save") },
    {
      ...{ ...save, what: "a save into a `Map` by hand, compared and awaited" },
      values: values("by hand", "save with promises"),
    },
    {
      ...{ group: save.group, values: values("load and save", "time") },
      ...{ what: "`sessions.load`, a change, `session.save`", against: "both of JSON's" },
    },
  ];
}

function checkRows(values: Values): readonly ResultRow[] {
  const group = "Validators";
  const against = "a compiled TypeBox check";
  return [
    { ...{ group, what: "`validate`", against: "zod" }, values: values("checks", "of zod"), atMost: 0.2 },
    { ...{ group, what: "`validate`", against }, values: values("checks", "of TypeBox"), atMost: 1.2 },
    { ...{ group, what: "plain Ajv", against }, values: values("checks", "Ajv of TypeBox") },
  ];
}

function chartOf(found: Found, { name, group, against }: (typeof uses)[number]): Chart {
  const bars = Object.keys(codecs).map((label) => {
    const list = (found.get(label) ?? []).map((figures) => figures[name] ?? Number.NaN);
    return { label, value: Number(median(list).toPrecision(3)), isOurs: label.startsWith("ours") };
  });
  const title = `${group}, as a part of ${against.replaceAll("`", "")}: less is better`;
  return { group, name: `codecs-${name}`, title, unit: "", bars };
}
