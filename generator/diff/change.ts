/** How much a change costs. `undecided`: a field goes while one of its type comes, and nobody says whether it is the same. */
export type Severity = "safe" | "lossy" | "breaking" | "undecided";

/** One change of the shape, and what to do about it. */
export interface ShapeChange {
  /** The field, or a member of it: `prefs.theme`, in the elements of a list `cart[].sku`, in the values of a record `pages{}.title`. */
  readonly field: string;
  readonly severity: Severity;
  /** What changes, what that means and what to do, in one line. */
  readonly advice: string;
  /** The same in its parts. */
  readonly parts: ChangeParts;
}

/** What a change is, judged at three levels; one that does not notice it is left out. */
export interface ChangeParts {
  /** In words that follow the field's name. */
  readonly what: string;
  /** For the source code that uses the session. */
  readonly code?: string;
  /** For sessions that are stored, and for the version before where it runs beside this one. */
  readonly records?: string;
  /** For those who read the stored bytes in other languages. */
  readonly wire?: string;
  /** Nothing when left out. */
  readonly todo?: string;
}

/** A change with its advice in one line. */
export function shapeChange(field: string, severity: Severity, parts: ChangeParts): ShapeChange {
  const { what, code, records, todo } = parts;
  const meaning = severity === "safe" ? code : (records ?? code);
  const sentences = [what, meaning, todo].flatMap((sentence) =>
    sentence === undefined ? [] : [`${sentence}.`],
  );
  const advice = sentences.map((sentence) => sentence.charAt(0).toUpperCase() + sentence.slice(1)).join(" ");
  return { field, severity, advice: advice.charAt(0).toLowerCase() + advice.slice(1), parts };
}

const severities: readonly Severity[] = ["breaking", "undecided", "lossy", "safe"];

/** Changes of one field as one: as severe as the worst of them. */
export function joinChanges(changes: readonly ShapeChange[]): readonly ShapeChange[] {
  const fields = [...new Set(changes.map(({ field }) => field))];
  return fields.map((field) => {
    const own = changes.filter((change) => change.field === field);
    const severity = severities.find((word) => own.some((change) => change.severity === word)) ?? "safe";
    // What is said of the lesser changes is of no use to whoever has the worst one to answer.
    const worst = own.filter((change) => change.severity === severity).map(({ parts }) => parts);
    const joined = (part: Exclude<keyof ChangeParts, "what">): Partial<ChangeParts> => {
      const texts = [...new Set(worst.flatMap((parts) => parts[part] ?? []))];
      return texts.length === 0 ? {} : { [part]: texts.join("; ") };
    };
    const ordered = [
      ...worst,
      ...own.filter((change) => change.severity !== severity).map(({ parts }) => parts),
    ];
    return shapeChange(field, severity, {
      what: ordered.map(({ what }) => what).join("; "),
      ...joined("code"),
      ...joined("records"),
      ...joined("wire"),
      ...joined("todo"),
    });
  });
}
