import type { Option } from "./option.js";
import { readPlainText } from "./read-value.js";

/** Names that generated code or the language has already, in the form of a class name. */
const takenNames: ReadonlySet<string> = new Set([
  ...["Sessions", "SessionData", "SessionPatch", "SessionFilter", "SessionKind", "SessionsFor"],
  ...["SessionsOptions", "SessionBackend", "SessionError", "CreateSessionsOptions", "BaseSession"],
  ...[
    "BackendAbilities",
    "DatabaseAbilities",
    "DatabaseClient",
    "MemoryAbilities",
    "WireProblem",
    "CheckWire",
  ],
  ...["Shape", "Date", "Uint8Array", "Record", "Partial", "Readonly", "Array", "Object", "Error", "Promise"],
  ...["String", "Number", "Boolean", "Function", "Symbol", "Map", "Set", "Request", "Response"],
]);

/** The kind's name, `session` unless given: a camelCase identifier that classes, cookies and tables are named after. */
export function readName(option: Option): string {
  const name = readPlainText(option) ?? "session";
  if (!/^[a-z][A-Za-z0-9]{0,39}$/.test(name)) {
    option.refuse('it must be a camelCase word of letters and digits, at most 40, such as "adminSession"');
  } else if (takenNames.has(name.charAt(0).toUpperCase() + name.slice(1))) {
    option.refuse(
      `the class of "${name}" would have a name that is taken; choose another, such as "adminSession"`,
    );
  }
  return name;
}
