import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffShapes } from "../../../generator/diff/diff-shapes.js";
import {
  headsOf,
  type ModelFile,
  type NumberedField,
  parseModelFile,
  printModelFile,
  storedName,
  withHash,
} from "../../../generator/history/model-file.js";
import { numberFields } from "../../../generator/history/numbering.js";
import { shapeHash } from "../../../generator/history/shape-hash.js";
import { isWidening } from "../../../generator/history/widening.js";
import type { FieldModel, KindModel } from "../../../generator/model/model.js";
import { anyModelWithData } from "../../suites/codec-models.js";

const runs = { numRuns: 300 };
const answers = { upgrades: [], upgradeFile: undefined, dropped: [] };

const names = ["a", "b", "c", "a~2", "b~3"];
const scalar: fc.Arbitrary<KindModel> = fc.oneof(
  fc.constantFrom<KindModel>(
    { type: "string" },
    { type: "integer" },
    { type: "number" },
    { type: "boolean" },
  ),
  fc.subarray(["u", "v", "w"], { minLength: 1 }).map((values): KindModel => ({ type: "literal", values })),
);
const kind: fc.Arbitrary<KindModel> = fc.oneof(
  scalar,
  scalar.map((items): KindModel => ({ type: "array", items })),
  fc.dictionary(fc.constantFrom("m", "n"), scalar).map(
    (members): KindModel => ({
      type: "object",
      members: Object.entries(members).map(([name, inner]) => ({ name, kind: inner, optional: true })),
    }),
  ),
);

interface Edit {
  readonly fields: readonly FieldModel[];
  readonly renamed: Readonly<Record<string, string>>;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  fields: fc
    .dictionary(fc.constantFrom(...names), kind)
    .map((fields) => Object.entries(fields).map(([name, own]) => ({ name, kind: own }))),
  renamed: fc.dictionary(fc.constantFrom(...names), fc.constantFrom(...names), { maxKeys: 2 }),
});

/** The file with one more version that follows its heads; the same one when nothing changes. */
function append(file: ModelFile | undefined, { fields, renamed }: Edit): ModelFile {
  const numbered = numberFields(fields, file, renamed);
  const parents = file === undefined ? [] : headsOf(file).map(({ hash }) => hash);
  const version = withHash({ parents, shape: shapeHash(fields, numbered), fields: numbered });
  return { versions: [...(file?.versions ?? []), version] };
}

const chain = (edits: readonly Edit[]): ModelFile =>
  edits
    .slice(1)
    .reduce((file, next) => append(file, next), append(undefined, edits[0] ?? { fields: [], renamed: {} }));

/** Every pair of what is stored and its number, of objects too, as `scope/stored` and number. */
function placesIn(fields: readonly NumberedField[], scope = ""): [string, number][] {
  return fields.flatMap((field): [string, number][] => {
    const members = JSON.stringify(field.kind).includes('"members"') ? membersOf(field.kind) : [];
    return [
      [`${scope}/${storedName(field)}`, field.number],
      ...placesIn(members, `${scope}/${storedName(field)}`),
    ];
  });
}

function membersOf(own: Readonly<Record<string, unknown>>): readonly NumberedField[] {
  return Array.isArray(own["members"]) ? own["members"] : [];
}

describe("over any chain of edits", () => {
  const edits = fc.array(edit, { minLength: 2, maxLength: 6 });

  test("a number is one field's, and a field has one number", () => {
    fc.assert(
      fc.property(edits, (steps) => {
        const { versions } = chain(steps);
        const [numbers, owners] = [new Map<string, number>(), new Map<string, string>()];
        for (const [place, number] of versions.flatMap(({ fields }) => placesIn(fields))) {
          const scope = place.slice(0, place.lastIndexOf("/"));
          expect(numbers.get(place) ?? number).toBe(number);
          expect(owners.get(`${scope}#${number}`) ?? place).toBe(place);
          numbers.set(place, number);
          owners.set(`${scope}#${number}`, place);
        }
      }),
      runs,
    );
  });

  test("a shape's hash names one set of places", () => {
    fc.assert(
      fc.property(edits, (steps) => {
        const known = new Map<string, string>();
        for (const { shape, fields } of chain(steps).versions) {
          const places = JSON.stringify(fields.map(({ name, stored }) => [name, stored]).sort());
          expect(known.get(shape) ?? places).toBe(places);
          known.set(shape, places);
        }
      }),
      runs,
    );
  });

  test("a model compared with itself has not changed, and comes back from its text", () => {
    fc.assert(
      fc.property(edits, (steps) => {
        const file = chain(steps);
        const last = steps.at(-1);
        const after = numberFields(last?.fields ?? [], file, last?.renamed);
        expect(after).toEqual(file.versions.at(-1)?.fields);
        expect(diffShapes({ before: file, after, answers })).toEqual([]);
        expect(parseModelFile(printModelFile(file))).toEqual(file);
      }),
      runs,
    );
  });

  test("what is called safe lets every earlier value pass", () => {
    fc.assert(
      fc.property(edit, edit, (first, second) => {
        const file = append(undefined, first);
        const after = numberFields(second.fields, file, second.renamed);
        const changes = diffShapes({ before: file, after, answers });
        for (const field of file.versions[0]?.fields ?? []) {
          const now = after.find((candidate) => storedName(candidate) === storedName(field));
          const next = after.find(({ follows }) => follows === storedName(field));
          const { name } = now ?? next ?? field;
          const own = changes.filter((change) => change.field.split(/[.[]/)[0] === name);
          const isSafe = own.every(({ severity }) => severity === "safe");
          if (isSafe) expect(now !== undefined && isWidening(field.kind, now.kind)).toBe(true);
        }
      }),
      runs,
    );
  });
});

describe("two branches of any chain", () => {
  const branches = fc.tuple(fc.array(edit, { minLength: 1, maxLength: 3 }), edit, edit, edit);

  test("are joined in one way, and keep their numbers unless both gave one away", () => {
    fc.assert(
      fc.property(branches, ([steps, one, other, both]) => {
        const base = chain(steps);
        const [mine, theirs] = [append(base, one).versions.at(-1), append(base, other).versions.at(-1)];
        if (mine === undefined || theirs === undefined || mine.hash === theirs.hash) return;
        const file = { versions: [...base.versions, mine, theirs] };
        const joined = append(file, both).versions.at(-1)?.fields ?? [];
        expect(append(file, both).versions.at(-1)?.fields).toEqual(joined);
        const mineNumbers = new Map(mine.fields.map((field) => [storedName(field), field.number]));
        const taken = new Map(
          [...base.versions, mine].flatMap(({ fields }) =>
            fields.map((field) => [field.number, storedName(field)]),
          ),
        );
        for (const field of joined) {
          const stored = storedName(field);
          const before = theirs.fields.find((candidate) => storedName(candidate) === stored);
          if (mineNumbers.has(stored)) expect(field.number).toBe(mineNumbers.get(stored));
          else if (before !== undefined && (taken.get(before.number) ?? stored) === stored)
            expect(field.number).toBe(before.number);
        }
        expect(new Set(joined.map(({ number }) => number)).size).toBe(joined.length);
        expect(new Set(joined.map(storedName)).size).toBe(joined.length);
      }),
      runs,
    );
  });
});

test("any model at all: nothing has changed, and its text comes back", () => {
  fc.assert(
    fc.property(anyModelWithData(), ({ model: { fields } }) => {
      const file = append(undefined, { fields, renamed: {} });
      expect(diffShapes({ before: file, after: numberFields(fields, file), answers })).toEqual([]);
      expect(parseModelFile(printModelFile(file))).toEqual(file);
    }),
    { numRuns: 200 },
  );
});
