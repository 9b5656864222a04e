import type { CommandContext } from "../command.js";
import { failureText } from "../failure-text.js";
import type { LoadedModel } from "../load/load-model.js";
import { relativePath } from "../schema-error.js";
import { type Finding, findingsOf } from "./finding.js";
import { checkIndexes } from "./index-check.js";
import { checkKeys } from "./key-check.js";
import { checkMigrations } from "./migration-check.js";
import { checkOutput } from "./output-check.js";
import { checkPackages } from "./peer-check.js";
import { checkCookie, checkTenancy } from "./policy-check.js";
import { createRedaction } from "./redaction.js";
import { checkServers } from "./server-check.js";

/** How long each server may take to answer, in milliseconds. */
const limit = 5000;

/** Everything that can be seen of a schema's project from outside, in the order in which it is to be mended. Changes nothing. */
export async function examine(schema: LoadedModel, context: CommandContext): Promise<readonly Finding[]> {
  const { file, model } = schema;
  const { settings } = model;
  const servers = await guarded("server", checkServers(schema, limit));
  const isReachable = servers.every(({ state }) => state !== "fix");
  const migrations = isReachable ? await guarded("migrations", checkMigrations(schema)) : [];
  const isReady = isReachable && migrations.every(({ state }) => state !== "fix");
  const found = [
    findingsOf("schema").ok(`${relativePath(file, context.cwd)}, ${model.fields.length} fields`),
    ...(await guarded("output", checkOutput(file, context.cwd))),
    ...checkPackages(file, settings),
    ...checkKeys(settings),
    ...servers,
    ...migrations,
    ...(isReady ? await guarded("indexes", checkIndexes(schema)) : []),
    ...checkCookie(settings),
    ...checkTenancy(settings),
  ];
  const redact = createRedaction(settings);
  return found.map((finding) => ({ ...finding, message: redact(finding.message) }));
}

/** A check that fails by itself has found something too. */
async function guarded(check: string, findings: Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  return await findings.catch((error: unknown) => [findingsOf(check).fix(failureText(error))]);
}
