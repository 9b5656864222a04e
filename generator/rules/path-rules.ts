import { posix } from "node:path";
import type { Option } from "./option.js";
import { readPlainText } from "./read-value.js";

/** The two folders that are written, relative to the schema file. */
export interface Folders {
  readonly output: string;
  readonly migrations: string;
}

/** Generated code goes into a folder of its own, which can be deleted at any time. */
export function readFolders(output: Option, migrations: Option): Folders {
  const folders = {
    output: readFolder(output) ?? "./generated",
    migrations: readFolder(migrations) ?? "./migrations",
  };
  if (posix.normalize(`${folders.output}/`) === posix.normalize(`${folders.migrations}/`)) {
    const option = output.value === undefined ? migrations : output;
    option.refuse("generated code and migrations need folders of their own");
  }
  return folders;
}

/** The file with the functions that bring old values into the present shape, relative to the schema file. */
export function readUpgradeFile(option: Option): string | undefined {
  const file = readPlainText(option);
  if (file === undefined) return undefined;
  if (/^\.{1,2}\/[^\\]+\.[cm]?[jt]s$/.test(file)) return file;
  option.refuse(
    'it must be a TypeScript or JavaScript file, relative to the schema file, such as "./session.upgrade.ts"',
  );
  return undefined;
}

function readFolder(option: Option): string | undefined {
  const folder = readPlainText(option);
  if (folder === undefined) return undefined;
  if (/^(\/|[A-Za-z]:)|\\/.test(folder)) {
    option.refuse('it must be relative to the schema file and written with "/", such as "./generated"');
  } else if (/^(\.\.\/)*(\.|\.\.)?\/?$/.test(posix.normalize(folder))) {
    option.refuse('it must be a folder of its own, such as "./generated"');
  }
  return folder;
}
