import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { promisify } from "node:util";
import { CommandError } from "../command.js";
import { modelFilePath } from "../history/memory.js";
import { type ModelFile, parseModelFile, type UnreadableModelFile, withHash } from "../history/model-file.js";
import { numberFields } from "../history/numbering.js";
import { shapeHash } from "../history/shape-hash.js";

/** A model file to compare with, and what people call it. */
export interface EarlierFile {
  readonly file: ModelFile;
  readonly title: string;
}

/**
 * What `--against` names: a model file, a schema file, or a commit of git, whose model file is read. `present`: the
 * model file that is there, by which the fields of a schema file are known again.
 *
 * @throws CommandError when there is no such thing.
 */
export async function readEarlier(
  against: string,
  {
    cwd,
    schemaFile,
    present,
  }: { readonly cwd: string; readonly schemaFile: string; readonly present: ModelFile | undefined },
): Promise<EarlierFile> {
  const path = resolve(cwd, against);
  if (!existsSync(path)) return await readCommit(against, schemaFile);
  if (/\.[cm]?[jt]sx?$/.test(path)) return { file: await readSchemaFile(path, present), title: against };
  return { file: usable(parseModelFile(await readFile(path, "utf8")), against), title: against };
}

async function readSchemaFile(path: string, present: ModelFile | undefined): Promise<ModelFile> {
  const { loadModels } = await import("../load/load-model.js");
  const [loaded] = await loadModels([path]);
  const fields = loaded?.model.fields ?? [];
  const numbered = numberFields(fields, present, loaded?.model.settings.renamed);
  return { versions: [withHash({ parents: [], shape: shapeHash(fields, numbered), fields: numbered })] };
}

async function readCommit(reference: string, schemaFile: string): Promise<EarlierFile> {
  const folder = dirname(schemaFile);
  const name = basename(modelFilePath(schemaFile));
  const commit = await git(folder, [
    "rev-parse",
    "--verify",
    "--quiet",
    "--end-of-options",
    `${reference}^{commit}`,
  ]);
  if (commit === undefined) {
    throw new CommandError(`--against ${reference}: there is no such file, and no such commit of git.`);
  }
  const text = await git(folder, ["show", `${commit.trim()}:./${name}`]);
  if (text === undefined)
    throw new CommandError(`--against ${reference}: there is no ${name} in that commit.`);
  return { file: usable(parseModelFile(text), `${name} of ${reference}`), title: reference };
}

/** What git prints, or `undefined` when it fails: here that is a reference or a path that is not there, or no git. */
async function git(cwd: string, args: readonly string[]): Promise<string | undefined> {
  const run = promisify(execFile)("git", [...args], { cwd, maxBuffer: 64 * 1024 * 1024 });
  return await run.then(({ stdout }) => stdout).catch((): undefined => undefined);
}

function usable(parsed: ModelFile | UnreadableModelFile, name: string): ModelFile {
  if ("versions" in parsed) return parsed;
  throw new CommandError(`--against: ${name} ${problems[parsed.problem]}.`);
}

const problems: Readonly<Record<UnreadableModelFile["problem"], string>> = {
  "conflict markers": "holds git conflict markers",
  "not a model file": "is no model file",
  "changed by hand": "has a version that is not what was written under its hash",
};
