import { dirname } from "node:path";
import type { LoadedModel } from "../load/load-model.js";
import { sqlitePackage } from "../migrate/sqlite-package.js";
import type { Settings } from "../model/model.js";
import type { SchemaFault } from "../schema-error.js";
import { toolVersion } from "../tool-version.js";
import { type Finding, findingsOf } from "./finding.js";
import { installedVersion } from "./installed-version.js";
import { type NeededPeer, neededPeers } from "./needed-peers.js";
import { isInRange } from "./version-range.js";

const { ok, fix } = findingsOf("packages");

/** Whether the runtime and the packages that the options ask for are installed, in versions that work together. */
export function checkPackages(schemaFile: string, settings: Settings): readonly Finding[] {
  const folder = dirname(schemaFile);
  return [checkRuntime(folder), ...neededPeers(settings).map((needed) => checkPeer(folder, needed))];
}

function checkRuntime(folder: string): Finding {
  const name = "@session-gen/runtime";
  const version = installedVersion(folder, name);
  if (version === undefined) return fix(`The package ${name} is not installed: npm install ${name}`);
  const own = toolVersion();
  if (version === own) return ok(`${name} ${version}`);
  return fix(`${name} is ${version} and session-gen is ${own}; they go together: npm install ${name}@${own}`);
}

/** What the options ask for and is not installed, each at its option, to be warned of when code is generated. */
export function peerWarnings({
  file,
  model,
  positionOf,
}: Pick<LoadedModel, "file" | "model" | "positionOf">): readonly SchemaFault[] {
  return neededPeers(model.settings)
    .filter(({ name }) => installedVersion(dirname(file), name) === undefined)
    .map((needed) => ({ ...positionOf([needed.about]), message: missing(needed) }));
}

function checkPeer(folder: string, needed: NeededPeer): Finding {
  const { name, option, range } = needed;
  const version = installedVersion(folder, name);
  if (version === undefined) return fix(missing(needed));
  if (isInRange(version, range)) return ok(`${name} ${version}`);
  return fix(`${name} is ${version}, and ${option} works with ${range}: npm install "${name}@${range}"`);
}

function missing({ name, option }: NeededPeer): string {
  const install = name === "better-sqlite3" ? sqlitePackage(process.versions.node) : name;
  return `The package ${name} is not installed; ${option} needs it: npm install ${install}`;
}
