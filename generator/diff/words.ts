/** The option of a schema that declares a new name: `renamed: { b: "a" }`. */
export function renamedWords(name: string, old: string): string {
  return `renamed: { ${propertyName(name)}: ${JSON.stringify(old)} }`;
}

/** The flag that decides about a name, ready for a shell: `--drop a`. */
export function flagWords(flag: "rename" | "drop", value: string): string {
  return `--${flag} ${/^[\w:.@%+,/-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`}`;
}

/** A name as the key of an object literal. */
export function propertyName(name: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name);
}
