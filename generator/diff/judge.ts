import { type NumberedField, storedName } from "../history/model-file.js";
import { type ChangeParts, type Severity, type ShapeChange, shapeChange } from "./change.js";
import type { KindChange } from "./kind-change.js";
import { flagWords, propertyName, renamedWords } from "./words.js";

/** What a person has said about changes, in the schema and by flags. */
export interface Answers {
  /** The fields that the schema's upgrade file converts. */
  readonly upgrades: readonly string[];
  /** The schema's upgrade file, when it has one. */
  readonly upgradeFile: string | undefined;
  /** Fields and members that are said to go. */
  readonly dropped: readonly string[];
}

/** A change as it was found. */
export interface FoundChange extends KindChange {
  /** The field that it is about or in: as it is now, or as it was when it goes. */
  readonly top: NumberedField;
  /** New fields that it may have become, when it goes. */
  readonly successors?: readonly NumberedField[];
  /** The earlier version that it is about, when not the last one. */
  readonly version?: string;
}

/** What a change costs, at which level, and what to do about it. */
export function judge(found: FoundChange, answers: Answers): ShapeChange {
  const { field, effect, top } = found;
  const what = found.version === undefined ? found.what : `${found.what} (as in version ${found.version})`;
  const isAnswered = answers.upgrades.includes(top.name);
  const change = (severity: Severity, parts: Omit<ChangeParts, "what">): ShapeChange =>
    shapeChange(field, severity, { what, ...parts });
  switch (effect) {
    case "noted":
      return change("safe", {});
    case "renamed":
      return change("safe", {
        code: "the compiler shows where the old name is used",
        records: `stays stored as ${JSON.stringify(storedName(top))}, so that every version finds it`,
        wire: `number ${top.number} stays`,
      });
    case "added":
      return change("safe", additionParts(found));
    case "widened":
      return change("safe", wideningParts(found));
    case "removed":
      return change("lossy", removalParts(found));
    case "replaced": {
      if (answers.dropped.includes(field)) return change("lossy", removalParts(found, { isSaid: true }));
      if (field !== top.name && isAnswered) return change("lossy", removalParts(found));
      // One that is computed is nobody's new name.
      const successors = found.successors?.filter(({ name }) => !answers.upgrades.includes(name));
      if (successors?.length === 0) return change("lossy", removalParts(found));
      return change("undecided", replacementParts({ ...found, ...(successors && { successors }) }, answers));
    }
    default: {
      const parts = effect === "retyped" ? retypeParts(found) : narrowingParts(found);
      if (!isAnswered) return change("breaking", { ...parts, todo: breakingTodo(top, answers) });
      const answer = `the upgrade of \`${top.name}\` answers it`;
      return shapeChange(field, "safe", {
        ...parts,
        what: `${what}; ${answer}`,
        records: "converted when they are read",
      });
    }
  }
}

const compilerShows = "the compiler shows where it is used";

function additionParts({ field, top }: FoundChange): Omit<ChangeParts, "what"> {
  if (field !== top.name) return { records: "objects from before have none" };
  const { number, default: value } = top;
  return {
    records: `sessions from before have none${value === undefined ? "" : ", and read its default"}${otherPlace(top)}`,
    wire: `number ${number}`,
  };
}

function wideningParts({ top }: FoundChange): Omit<ChangeParts, "what"> {
  return {
    code: "code that reads it may meet more than before",
    records: `the version before reads what it does not allow ${asNothing(top)}, and keeps it`,
  };
}

function removalParts({ field, top }: FoundChange, { isSaid = false } = {}): Omit<ChangeParts, "what"> {
  const isTop = field === top.name;
  return {
    code: compilerShows,
    records: "what is stored of it stays stored, unread, and is there again after a rollback",
    ...(isTop && { wire: `number ${top.number} is reserved` }),
    ...(isTop && !isSaid && { todo: `if it has a new name, say so first: ${renamedWords("NEW", field)}` }),
  };
}

function replacementParts(
  { field, top, successors = [] }: FoundChange,
  answers: Answers,
): Omit<ChangeParts, "what"> {
  const dropped = `if it is dropped: ${flagWords("drop", field)}`;
  if (field !== top.name) {
    return {
      records: "what is stored of it is not read under another name",
      todo: `members have no new names, so carry it over with an upgrade: ${upgradeWords(top, answers)}; ${dropped}`,
    };
  }
  const renames = successors.map(({ name }) => {
    const words = `${renamedWords(name, field)} in the schema, or ${flagWords("rename", `${field}:${name}`)}`;
    return `if \`${name}\` is its new name: ${words}`;
  });
  return {
    records: "renamed, it keeps what is stored; dropped, it does not",
    todo: [...renames, dropped].join("; "),
  };
}

function retypeParts({ top }: FoundChange): Omit<ChangeParts, "what"> {
  return {
    code: compilerShows,
    records: `sessions from before read \`${top.name}\` ${asNothing(top)}; what they hold stays stored, for the version before`,
    wire: `number ${top.number}${otherPlace(top)}`,
  };
}

function narrowingParts({ top }: FoundChange): Omit<ChangeParts, "what"> {
  return {
    records: `a session whose value does not pass any more reads \`${top.name}\` ${asNothing(top)}; the value stays stored until the field is assigned`,
  };
}

function breakingTodo(top: NumberedField, answers: Answers): string {
  return `answer it with an upgrade: ${upgradeWords(top, answers)}; or accept it with --allow-breaking`;
}

function upgradeWords({ name }: NumberedField, { upgradeFile }: Answers): string {
  const words = `${propertyName(name)}: (old, record) => …`;
  if (upgradeFile !== undefined) return `in ${upgradeFile}: ${words}`;
  return `upgrade: "./session.upgrade.ts" in the schema, and there defineUpgrades({ ${words} })`;
}

function asNothing({ default: value }: NumberedField): string {
  return value === undefined ? "as absent" : "as its default";
}

function otherPlace(top: NumberedField): string {
  return top.stored === undefined ? "" : `, stored as ${JSON.stringify(storedName(top))}`;
}
