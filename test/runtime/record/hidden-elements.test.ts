import { expect, test } from "vitest";
import { hideElements, putBack } from "../../../runtime/record/hidden-elements.js";
import type { Kind, WireValue } from "../../../runtime/types/shape.js";

const roles: Kind = { array: "string", values: ["admin", "editor"] };
const owner = { $code: 3 };

test.each<[what: string, kind: Kind, stored: WireValue, shown: WireValue, next: WireValue, whole: WireValue]>(
  [
    ["one added", roles, ["owner", "admin"], ["admin"], ["admin", "editor"], ["owner", "admin", "editor"]],
    [
      "one removed",
      roles,
      ["admin", "owner", "editor"],
      ["admin", "editor"],
      ["editor"],
      ["editor", "owner"],
    ],
    ["all removed", roles, ["admin", "owner"], ["admin"], [], ["owner"]],
    ["known by a number only", roles, [owner, "admin"], ["admin"], ["admin"], [owner, "admin"]],
    [
      "null among them",
      { array: { nullable: "string" }, values: ["admin"] },
      [null, "owner"],
      [null],
      [],
      ["owner"],
    ],
    ["a list that may be null", { nullable: roles }, ["owner"], [], ["admin"], ["owner", "admin"]],
    ["a list that is null now", { nullable: roles }, ["owner"], [], null, null],
    [
      "in an object, and in a record",
      { object: { own: { kind: roles, stored: "own~2" }, of: { kind: { record: roles } } } },
      { "own~2": ["owner"], of: { a: ["owner", "admin"], b: ["admin"] }, other: ["owner"] },
      { "own~2": [], of: { a: ["admin"], b: ["admin"] }, other: ["owner"] },
      { "own~2": ["editor"], of: { a: [], c: [] }, other: ["owner"] },
      { "own~2": ["owner", "editor"], of: { a: ["owner"], c: [] }, other: ["owner"] },
    ],
    [
      "in a tuple",
      { tuple: ["string", roles] },
      ["a", ["owner"]],
      ["a", []],
      ["b", ["admin"]],
      ["b", ["owner", "admin"]],
    ],
    [
      "in elements that moved or changed",
      { array: { object: { id: { kind: "integer" }, roles: { kind: roles } } } },
      [
        { id: 1, roles: ["owner"] },
        { id: 2, roles: ["admin", "owner"] },
      ],
      [
        { id: 1, roles: [] },
        { id: 2, roles: ["admin"] },
      ],
      [
        { id: 2, roles: ["admin"] },
        { id: 1, roles: ["editor"] },
      ],
      [
        { id: 2, roles: ["admin", "owner"] },
        { id: 1, roles: ["editor"] },
      ],
    ],
  ],
)("hidden and put back: %s", (_what, kind, stored, shown, next, whole) => {
  expect(hideElements(kind, stored)).toEqual(shown);
  expect(putBack(kind, stored, next)).toEqual(whole);
  expect(putBack(kind, stored, shown)).toEqual(stored);
});

test("nothing is copied where nothing is hidden", () => {
  const kind: Kind = { object: { roles: { kind: roles }, name: { kind: "string" } } };
  const value = { roles: ["admin"], name: "owner" };
  expect(hideElements(kind, value)).toBe(value);
  expect(putBack(kind, value, value)).toBe(value);
});
