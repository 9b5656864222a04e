import { expect, test } from "vitest";
import { explainUnwritable } from "../../generator/write.js";

test.each([
  ["EACCES", "you may not write there"],
  ["EPERM", "the system does not allow it"],
  ["EROFS", "the disk is read-only"],
  ["ENOSPC", "the disk is full"],
  ["ENOTDIR", "a file stands where one of its folders should be"],
])("a file that cannot be written for %s is told in words, and what to do", (code, words) => {
  const cause = Object.assign(new Error(`${code}: /app/generated/.index.ts.7.tmp`), { code });
  const error = explainUnwritable("/app/generated/index.ts", cause);
  expect(String(error)).toContain(`/app/generated/index.ts cannot be written: ${words}`);
  expect(String(error)).not.toContain(".tmp");
  expect(error).toMatchObject({ cause });
});

test("what is no fault of the place is left as it is", () => {
  const error = new RangeError("no");
  expect(explainUnwritable("/app/generated/index.ts", error)).toBe(error);
});
