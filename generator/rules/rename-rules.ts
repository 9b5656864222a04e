import { isKnown, type KnownFields } from "./field-rules.js";
import { isObject, type Option } from "./option.js";

/** The new names of fields with the old ones. Whether a field ever had the old name is for its history to say. */
export function readRenamed(
  option: Option,
  known: KnownFields,
): Readonly<Record<string, string>> | undefined {
  if (option.value === undefined) return undefined;
  if (!isObject(option.value) || Array.isArray(option.value)) {
    option.refuse('it must be an object of new names with old ones, such as `{ newName: "oldName" }`');
    return undefined;
  }
  const renamed: Record<string, string> = {};
  for (const [name, old] of Object.entries(option.value)) {
    if (old === undefined) continue;
    const member = option.member(name);
    const problem = renameProblem(name, old, known.names, renamed);
    if (problem !== undefined) member.refuse(problem);
    else if (isKnown(name, member, known)) renamed[name] = String(old);
  }
  return Object.keys(renamed).length === 0 ? undefined : renamed;
}

function renameProblem(
  name: string,
  old: unknown,
  names: readonly string[],
  renamed: Readonly<Record<string, string>>,
): string | undefined {
  if (typeof old !== "string" || old === "")
    return 'it must be the old name of the field, such as `"oldName"`';
  if (old === name) return "the new name is the old one; leave the entry out";
  if (!names.includes(name) && names.includes(old)) {
    return `\`${old}\` is the field, and \`${name}\` is none: the new name comes first, \`{ ${entry(old, name)} }\``;
  }
  if (names.includes(old)) {
    return `\`${old}\` is still a field, so it was not renamed. Names are not swapped in one step: leave the entry out if the new field is another one`;
  }
  const other = Object.entries(renamed).find(([, before]) => before === old)?.[0];
  return other === undefined
    ? undefined
    : `\`${old}\` is the old name of \`${other}\` already, and one field cannot become two`;
}

function entry(name: string, old: string): string {
  return `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)}: ${JSON.stringify(old)}`;
}
