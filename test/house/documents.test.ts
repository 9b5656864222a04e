import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./source-files.js";

const decisions = readdirSync(join(root, "docs/decisions")).filter((name) => /^\d{4}-/.test(name));
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "SECURITY.md",
  "runtime/README.md",
  "docs/decisions/README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
  ...decisions.map((name) => `docs/decisions/${name}`),
];

test("links within the repository lead somewhere", () => {
  expect(documents.flatMap(deadLinks)).toEqual([]);
});

test("a decision is short, and listed", () => {
  expect(decisions.length).toBeGreaterThan(5);
  expect(
    decisions.filter((name) => read(`docs/decisions/${name}`).trimEnd().split("\n").length > 40),
  ).toEqual([]);
  const list = read("docs/decisions/README.md");
  expect(decisions.filter((name) => !list.includes(`(${name})`))).toEqual([]);
});

test("the README's commands exist", () => {
  const { scripts } = JSON.parse(read("package.json"));
  const named = ["README.md", "CONTRIBUTING.md"].flatMap((document) =>
    [...read(document).matchAll(/npm (?:run )?(test|start|[a-z]+:[a-z]+)\b/g)].map(([, name = ""]) => name),
  );
  expect(named).toEqual(expect.arrayContaining(["start", "test", "check:boundaries"]));
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

function read(document: string): string {
  return readFileSync(join(root, document), "utf8");
}

function deadLinks(document: string): readonly string[] {
  const targets = [...read(document).matchAll(/\]\(([^)]+)\)/g)].map(([, target = ""]) => target);
  return targets
    .filter((target) => !/^https?:/.test(target))
    .filter((target) => !isThere(document, target))
    .map((target) => `${document} → ${target}`);
}

/** A file, and the heading of it that the link names. */
function isThere(document: string, target: string): boolean {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? document : join(dirname(document), path);
  if (!existsSync(join(root, file))) return false;
  return anchor === undefined || headings(read(file)).includes(anchor);
}

/** As GitHub makes anchors of headings. */
function headings(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, "")
      .trim()
      .replaceAll(" ", "-"),
  );
}
