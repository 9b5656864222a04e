import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { bundleScript } from "./bundle.js";
import { codecs } from "./codec-tasks.js";
import { type Chart, publish, type ResultRow } from "./results.js";
import { median } from "./statistics.js";

/**
 * What a session of twelve fields costs in bytes and processor time, as ratios, beside the goals. Each codec has a process
 * of its own, as in an app: in one with several, what they share is compiled for all of them. `-- 5` runs all of it five
 * times.
 */
type Figures = Readonly<Record<string, number>>;

/** What each run has found, by group. */
type Found = ReadonlyMap<string, readonly Figures[]>;

const nearLimit =
  "the row of the same by hand is near the limit: code for this one session, which makes the same strings and objects and checks the same, in JavaScript as JSON.parse does not";
const packedLimit =
  "memory packs each record into one text, which halves its bytes and takes a twentieth of a save: bytes were preferred";

const [, , runs = "3"] = process.argv;
const script = bundleScript("codec-process");
try {
  tell(measureAll(Number(runs)));
} finally {
  rmSync(script);
}

function measureAll(runs: number): Found {
  const groups = [...Object.keys(codecs), "checks", "sessions"];
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
  const values = (group: string, name: string): number[] =>
    (found.get(group) ?? []).map((figures) => figures[name] ?? Number.NaN);
  const uses = [
    { name: "size", what: "bytes", against: "JSON's", atMost: 0.44 },
    { name: "encode", what: "encoding", against: "`JSON.stringify` into a Buffer", atMost: 0.5 },
    { name: "decode", what: "decoding", against: "`JSON.parse`", atMost: 0.42 },
  ];
  const rows = uses.flatMap(({ name, what, against, atMost }) =>
    Object.keys(codecs).map(
      (codec): ResultRow => ({
        ...{ what: `${what}, ${codec}`, against, values: values(codec, name) },
        ...(codec === "protobuf, validated" && { atMost, limit: nearLimit }),
      }),
    ),
  );
  const sessions: readonly ResultRow[] = [
    {
      ...{ what: "`sessions.load` from memory", against: "`JSON.parse`" },
      ...{ values: values("sessions", "load"), atMost: 1 },
    },
    {
      ...{ what: "`session.save` into memory", against: "`JSON.stringify` into a Buffer" },
      ...{ values: values("sessions", "save"), atMost: 1.2, limit: packedLimit },
    },
    { what: "`validate`", against: "zod", values: values("checks", "of zod"), atMost: 0.2 },
    {
      ...{ what: "`validate`", against: "a compiled TypeBox check" },
      ...{ values: values("checks", "of TypeBox"), atMost: 1.2 },
    },
    {
      ...{ what: "plain Ajv", against: "a compiled TypeBox check" },
      values: values("checks", "Ajv of TypeBox"),
    },
  ];
  publish("codecs", {
    title: "Codecs and validators: processor time and bytes",
    conditions: [
      "The session of bench/example. Ours and the one by hand validate what they read and write; msgpackr and cbor-x with shared structures and protobufjs with `session.proto` do not.",
      "Each codec in a process of its own, against JSON measured before and after it, 32 times; a figure is the median of those, one a run.",
    ],
    rows: [...rows, ...sessions],
    charts: uses.map(({ name, what, against }) => chartOf(found, name, `${what}, as a part of ${against}`)),
  });
}

function chartOf(found: Found, name: string, claim: string): Chart {
  const bars = Object.keys(codecs).map((label) => {
    const list = (found.get(label) ?? []).map((figures) => figures[name] ?? Number.NaN);
    return { label, value: Number(median(list).toPrecision(3)), isOurs: /validated/.test(label) };
  });
  const title = `${claim[0]?.toUpperCase()}${claim.slice(1).replaceAll("`", "")}: less is better`;
  return { name: `codecs-${name}`, title, unit: "", bars };
}
