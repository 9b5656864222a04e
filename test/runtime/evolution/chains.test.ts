import { expect, test } from "vitest";
import { isNightly } from "../../suites/faults/scale.js";
import { codeVersions, type EvolvingCodec } from "../../suites/versions/code-version.js";
import { createRandom } from "../../suites/versions/random.js";
import { randomSchemas } from "../../suites/versions/random-edits.js";
import { runHistory } from "../../suites/versions/random-history.js";

const codecs: readonly EvolvingCodec[] = ["json", "protobuf", "cbor", "msgpack"];

/** Each line of versions holds forty chains of 2 to 6 edits that follow each other. */
const lines = isNightly ? 2500 : 25;
const edits = 11;

/** A seed of its own each night, told when it fails. */
const firstSeed = isNightly ? Date.now() % 2 ** 31 : 1;

test("records outlive any chain of edits, read and written by each version, forwards and backwards", async () => {
  let chains = 0;
  for (let line = 0; line < lines; line += 1) {
    const seed = firstSeed + line;
    const random = createRandom(seed);
    const schemas = randomSchemas(edits, random.chance(0.6), random);
    const versions = codeVersions(codecs[line % codecs.length] ?? "json", schemas);
    for (let start = 0; start < versions.length; start += 1) {
      for (let end = start + 3; end <= Math.min(start + 7, versions.length); end += 1) {
        const deployed = versions.slice(start, end);
        await runHistory(deployed, versions.slice(0, end), random).catch((cause: unknown) => {
          throw new Error(`seed ${seed}, versions ${start + 1} to ${end}: ${cause}`, { cause });
        });
        chains += 1;
      }
    }
  }
  expect(chains).toBe(lines * 40);
}, 7_200_000);
