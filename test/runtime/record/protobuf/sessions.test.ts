import type { SessionRecord } from "@session-gen/runtime";
import { expect, test } from "vitest";
import { withHash } from "../../../../generator/history/model-file.js";
import { numberFields } from "../../../../generator/history/numbering.js";
import { knownNumbers } from "../../../../generator/history/numbers.js";
import type { FieldModel, KindModel, Model } from "../../../../generator/model/model.js";
import { recordLimits } from "../../../../runtime/record/limits.js";
import type { WireFields } from "../../../../runtime/types/shape.js";
import { loadFixtureModel } from "../../../suites/codec-fixture.js";
import { loadGeneratedCodec } from "../../../suites/generated-codec.js";
import { mustLoad } from "../../fixture/open.js";
import { openKind } from "../stored-bytes.js";

const model = await loadFixtureModel();
const { codec } = loadGeneratedCodec(model, "protobuf");
const newer = newerVersion(model).codec;

/** A later version: another value of an enum, another member of a nested object, another field. */
function newerVersion({ fields, ...rest }: Model) {
  const widen = ({ name, kind, ...field }: FieldModel): FieldModel => ({
    ...field,
    name,
    kind: wider(name, kind),
  });
  const added: FieldModel = { name: "added", kind: { type: "array", items: { type: "string" } } };
  const later: Model = { ...rest, fields: [added, ...fields.map(widen)] };
  const before = {
    versions: [withHash({ parents: [], shape: "", fields: numberFields(fields, undefined) })],
  };
  const version = withHash({ parents: [], shape: "", fields: numberFields(later.fields, before) });
  return loadGeneratedCodec(later, "protobuf", {
    numbers: knownNumbers({ versions: [...before.versions, version] }),
  });
}

function wider(name: string, kind: KindModel): KindModel {
  if (name === "theme") return { type: "literal", values: ["blue", "light", "dark"] };
  if (kind.type !== "object") return kind;
  return { ...kind, members: [{ name: "zoom", kind: { type: "number" }, optional: true }, ...kind.members] };
}

/** What the later version makes of a record. */
function written(fields: WireFields) {
  return ({ data, header }: SessionRecord): Partial<SessionRecord> => {
    const { meta, fields: before } = codec.decode(data, recordLimits);
    return {
      data: newer.encode({ meta, fields: { ...before, ...fields } }),
      header: header.replace(";present;", ";later;"),
    };
  };
}

test("what a later version wrote is hidden, kept and given back to it", async () => {
  const { sessions, backend, plant } = openKind({ codec });
  const added = ["x".repeat(100), ""];
  const prefs = { language: "de", zoom: 1.5 };
  const key = await plant({ userId: 1, name: "a" }, written({ theme: "blue", added, prefs }));

  const session = await mustLoad(sessions, key);
  expect(session.toObject()).toMatchObject({ theme: "light", name: "a", prefs: { language: "de" } });
  expect(session.keys()).not.toContain("theme");
  session.name = "b";
  if (session.prefs !== undefined) session.prefs.language = "en";
  await session.save();

  const record = await backend.load(session.handle ?? "");
  const { fields } = newer.decode(record?.data ?? new Uint8Array(), recordLimits);
  const stored = { userId: 1, name: "b", theme: "blue", added, prefs: { ...prefs, language: "en" } };
  expect(Object.fromEntries(Object.entries(fields))).toEqual(stored);
});

test("what the app assigns takes the place of what it could not see", async () => {
  const { sessions, backend, plant } = openKind({ codec });
  const session = await mustLoad(sessions, await plant({ userId: 1 }, written({ theme: "blue" })));
  session.theme = "dark";
  await session.save();
  const record = await backend.load(session.handle ?? "");
  expect(newer.decode(record?.data ?? new Uint8Array(), recordLimits).fields).toEqual({
    userId: 1,
    theme: "dark",
  });
});

test("a record that is damaged gives its user a new session", async () => {
  const { sessions, warnings, plant } = openKind({ codec });
  const key = await plant({ userId: 1, name: "a name" }, ({ data }) => ({ data: data.subarray(0, -1) }));
  expect(await sessions.load(key)).toBeNull();
  expect(warnings.join()).toContain("cannot be read");
});
