import { afterEach, describe, expect, it } from "vitest";
import { mistakes, type NewcomerMistake } from "./newcomer-mistakes.js";
import { createProject, type TestProject } from "./project.js";

let project: TestProject;
afterEach(() => project.remove());

/** Each message must tell by itself how to go on: read it as somebody who has seen no other page. */
describe("a newcomer", () => {
  it.each(Object.entries(mistakes))("is told: %s", async (name, mistake) => {
    project = createProject(mistake.files);
    await mistake.prepare?.(project);
    await expect(await transcript(mistake)).toMatchFileSnapshot(`../../golden/newcomer/${name}.txt`);
  });
});

/** What the terminal shows, and the exit code. */
async function transcript({ command, folder = "" }: NewcomerMistake): Promise<string> {
  const { code, out, log } = await project.runIn(folder, ...command);
  const text = `$ ${["session-gen", ...command].join(" ")}\n${out}${log}[exit code ${code}]\n`;
  return text.replaceAll(project.folder, "/home/you/shop");
}
