import type { GenerateOptions, GenerateResult } from "../generator/generate.js";

export type { GenerateOptions, GenerateResult };

/**
 * Everything that schema files stand for: the files as they should be on disk, what changed since the last
 * generation, and what is wrong. Reads the disk and writes nothing. The generator is loaded at the first call only.
 */
export async function generate(options: GenerateOptions = {}): Promise<GenerateResult> {
  const generator = await import("../generator/generate.js");
  return await generator.generate(options);
}
