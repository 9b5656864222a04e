/** What `Session` has itself. The list is closed: later members start with `$`. */
const sessionMembers: readonly string[] = [
  ...["get", "set", "has", "delete", "pop", "setDefault", "update", "keys", "values", "entries", "clear"],
  ...["toObject", "toJSON", "key", "handle", "isNew", "isModified", "isAccessed", "isEmpty"],
  ...["createdAt", "expiresAt", "markModified", "markUnmodified", "save", "reload", "touch", "cycleKey"],
  ...["destroy", "flush", "ensureKey", "setExpiry", "constructor"],
];

const objectMembers: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Why a name cannot be a field of a session; `undefined` when it can. */
export function refuseFieldName(name: string): string | undefined {
  if (sessionMembers.includes(name)) {
    return `every session has its own \`${name}\`; choose another name than these: ${sessionMembers.join(", ")}`;
  }
  if (objectMembers.has(name)) {
    const list = [...objectMembers].join(", ");
    return `every object has \`${name}\` already; choose another name than these: ${list}`;
  }
  if (name === "then") return "an object with `then` would be taken for a promise; choose another name";
  if (name === "") return "a field needs a name";
  if (!name.isWellFormed())
    return "its name holds a lone surrogate and could not be stored; choose another name";
  if (/^[_$]/.test(name))
    return "names that start with `_` or `$` are kept for the session itself; choose another name";
  return undefined;
}
