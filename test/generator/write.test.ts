import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FileState, writeFiles } from "../../generator/write.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "session-gen-write-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const missing = (name: string, role: FileState["role"]): FileState => ({
  path: join(folder, name),
  state: "missing",
  role,
  before: "",
  after: `${name} of this run`,
});

/** Two schemas share a folder of migrations, and two runs found the same names there. */
describe("a migration whose name another run has taken meanwhile", () => {
  const states = (): readonly FileState[] => [
    missing("index.ts", "output"),
    { ...missing("session.model.json", "model"), state: "stale", before: "the memory" },
    missing("other.model.json", "model"),
    missing("0002_drop_b.ts", "migration"),
    missing("0003_add_a.ts", "migration"),
  ];

  it("stays the other's, and the memory does not know of it", async () => {
    writeFileSync(join(folder, "session.model.json"), "the memory");
    writeFileSync(join(folder, "0003_add_a.ts"), "of another table");
    expect(await writeFiles(states())).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(["0003_add_a.ts", "session.model.json"]);
    expect(readFileSync(join(folder, "0003_add_a.ts"), "utf8")).toBe("of another table");
    expect(readFileSync(join(folder, "session.model.json"), "utf8")).toBe("the memory");
  });

  it("is not taken for written where it came before the files were compared", async () => {
    const found: FileState = {
      ...missing("0003_add_a.ts", "migration"),
      state: "current",
      before: "of another table",
    };
    writeFileSync(join(folder, "session.model.json"), "the memory");
    expect(await writeFiles([...states().slice(0, 4), found])).toBe(false);
    expect(readdirSync(folder)).toEqual(["session.model.json"]);
  });

  it("may be the same", async () => {
    writeFileSync(join(folder, "0003_add_a.ts"), "0003_add_a.ts of this run");
    expect(await writeFiles(states())).toBe(true);
    expect(readdirSync(folder)).toHaveLength(5);
  });
});
