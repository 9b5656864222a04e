import { appendFile, link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { CommandError } from "./command.js";
import { generatedMark } from "./emit/source-file.js";
import type { PlannedFile } from "./generate.js";

/** How a file on disk stands to what was generated. */
export interface FileState {
  /** Absolute. */
  readonly path: string;
  /** `foreign` is a person's file where one of ours should be; an `orphan` is ours, and no longer generated. */
  readonly state: "current" | "stale" | "missing" | "orphan" | "foreign";
  readonly role: PlannedFile["role"];
  /** What is there, with "\n" at the ends of lines; empty when missing. */
  readonly before: string;
  /** What should be there; empty for an orphan. */
  readonly after: string;
}

/**
 * Compares what was generated with the disk, line endings apart. Orphans are looked for in the folders given;
 * superseded files are some whatever they hold.
 */
export async function compareFiles(
  planned: readonly PlannedFile[],
  outputFolders: readonly string[],
  superseded: readonly string[] = [],
): Promise<readonly FileState[]> {
  const states = await Promise.all(planned.map(compareFile));
  const replaced = await Promise.all(superseded.map(toOrphan));
  const expected = new Set(planned.map(({ path }) => path));
  const orphans = await Promise.all(outputFolders.map((folder) => findOrphans(folder, expected)));
  return [...states, ...replaced, ...orphans.flat()];
}

/**
 * Brings the disk to what was generated; foreign files are left alone. Each file appears whole or not at all, the memory
 * first: output that stands without it, since a run was killed, would look like one whose memory was lost.
 *
 * `false` when another run has meanwhile given the name of a new migration to one of its own: the memory is then as it
 * was, and what is left is to be generated again.
 */
export async function writeFiles(states: readonly FileState[]): Promise<boolean> {
  const of = (wanted: FileState["role"]): readonly FileState[] =>
    states.filter(({ role }) => role === wanted);
  const memory = of("model");
  const isNew = ({ path }: FileState): boolean =>
    !memory.some(({ before }) => before.includes(`"${basename(path, ".ts")}"`));
  for (const state of memory) await bring(state);
  const done = [...memory];
  for (const migration of of("migration")) {
    if (!isNew(migration)) await bring(migration);
    else if (!(await claim(migration))) return await undo(done);
    else done.push(migration);
  }
  for (const state of of("output")) await bring(state);
  return true;
}

async function undo(done: readonly FileState[]): Promise<false> {
  for (const { path, state, before } of done) {
    if (state === "missing") await rm(path);
    if (state === "stale") await replaceFile(path, before);
  }
  return false;
}

async function bring({ path, state, after }: FileState): Promise<void> {
  if (state === "orphan") await rm(path);
  if (state === "missing" || state === "stale") await replaceFile(path, after);
}

/** Makes a new migration; `false` when its name is that of another one by now. */
async function claim({ path, state, before, after }: FileState): Promise<boolean> {
  return state === "missing" ? await createFile(path, after) : before === after;
}

/** Adds text at the end of a file, which is made when it is missing. */
export async function appendToFile(path: string, text: string): Promise<void> {
  await makeFolder(dirname(path));
  await appendFile(path, text);
}

/**
 * Writes beside the file and renames over it, so that no reader sees half of it. Throws `CommandError` when the disk
 * does not allow it.
 */
export async function replaceFile(path: string, content: string): Promise<void> {
  await putFile(path, content, rename);
}

/** The same for a file that is not there yet. `false` when there is one by now, of another content. */
async function createFile(path: string, content: string): Promise<boolean> {
  let isThere = false;
  await putFile(path, content, async (temporary) => {
    await link(temporary, path).catch(async (error: unknown) => {
      isThere = codeOf(error) === "EEXIST" && !(await isFolder(path));
      // Not every disk has links.
      if (!isThere) await rename(temporary, path);
    });
  });
  return !isThere || toLines((await readText(path)) ?? "") === content;
}

async function putFile(
  path: string,
  content: string,
  put: (temporary: string, path: string) => Promise<void>,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    await makeFolder(dirname(path));
    await writeFile(temporary, content);
    await put(temporary, path);
  } catch (error) {
    throw refusalOf(error, path) ?? error;
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/**
 * Makes a folder and those above it; one that is there is left as it is. Rejects as `mkdir` does.
 *
 * Node's own `recursive` never ends below a folder that says of what it does not let be made that it is missing, as
 * `/proc` does.
 */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (await isFolder(path)) return;
    const above = dirname(path);
    if (codeOf(error) !== "ENOENT" || above === path) throw error;
    await makeFolder(above);
    await mkdir(path).catch(async (again: unknown) => {
      if (!(await isFolder(path))) throw again;
    });
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

const refusals: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there. Give the folder to the user, or run the command as its owner",
  EPERM: "this user may not write there. Give the folder to the user, or run the command as its owner",
  EROFS: "that disk is read-only. Write to another folder with --out, or generate before it is mounted",
  ENOSPC: "the disk is full. Make room and run the command again",
  ENOENT: "its folder cannot be made there. Choose another output with --out",
  ENOTDIR: "a file stands where its folder should be. Move it, or choose another output",
  EEXIST: "a file stands where its folder should be. Move it, or choose another output",
  EISDIR: "a folder stands in its place. Move it, or choose another output",
};

function refusalOf(error: unknown, path: string): CommandError | undefined {
  const code = codeOf(error);
  const reason = Object.hasOwn(refusals, code) ? refusals[code] : undefined;
  return reason === undefined ? undefined : new CommandError(`${path} cannot be written: ${reason}.`);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

async function compareFile({ path, content, role }: PlannedFile): Promise<FileState> {
  const text = await readText(path);
  const before = text === undefined ? "" : toLines(text);
  const state = ((): FileState["state"] => {
    if (text === undefined) return "missing";
    if (before === content || (role === "migration" && !isConflicted(before))) return "current";
    return role === "output" && before.trim() !== "" && !isOurs(before) ? "foreign" : "stale";
  })();
  return { path, state, role, before, after: content };
}

/** Whether git has left both sides of a merge in it: so it is no file of anybody's, and cannot be run. */
function isConflicted(text: string): boolean {
  return /^<{7} /m.test(text) && /^>{7} /m.test(text);
}

async function toOrphan(path: string): Promise<FileState> {
  return { path, state: "orphan", role: "output", before: toLines((await readText(path)) ?? ""), after: "" };
}

async function findOrphans(folder: string, expected: ReadonlySet<string>): Promise<readonly FileState[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const found = await Promise.all(
    names.sort().map(async (name): Promise<FileState[]> => {
      const path = join(folder, name);
      if (expected.has(path) || !/\.(?:ts|json|proto)$/.test(name)) return [];
      const text = await readText(path);
      return text !== undefined && isOurs(text)
        ? [{ path, state: "orphan", role: "output", before: toLines(text), after: "" }]
        : [];
    }),
  );
  return found.flat();
}

/** Our mark stands in the first lines of every file that is ours alone. */
function isOurs(text: string): boolean {
  const [line = "", second = "", third = ""] = text.split("\n", 3);
  return line.startsWith(`// ${generatedMark}`) || (second + third).includes(`"$comment": "${generatedMark}`);
}

function toLines(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

async function readText(path: string): Promise<string | undefined> {
  return await readFile(path, "utf8").catch((error: unknown) => {
    if (["ENOENT", "EISDIR", "ENOTDIR"].includes(codeOf(error))) return undefined;
    throw error;
  });
}
