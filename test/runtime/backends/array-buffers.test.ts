import { expect, test } from "vitest";
import { toRecord, toRow } from "../../../runtime/backends/database/record-row.js";
import { sqlite } from "../../../runtime/backends/database/sqlite.js";
import { plainRecord } from "./plain-record.js";

test("bytes are read also where a driver gives them as an ArrayBuffer, as libSQL does", () => {
  const stored = { ...plainRecord(), header: "1;bincode;-;-;0;session", data: new Uint8Array([0, 255, 1]) };
  const row = { ...toRow(stored, {}, sqlite), bytes: new Uint8Array([0, 255, 1]).buffer };
  expect(toRecord(row, {}, sqlite).data).toEqual(stored.data);
});
