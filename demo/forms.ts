/** A text field of a submitted form, without blanks around it; empty when it is missing or sent twice. */
export function formText(body: unknown, name: string): string {
  if (typeof body !== "object" || body === null || !Object.hasOwn(body, name)) return "";
  const value: unknown = Object.getOwnPropertyDescriptor(body, name)?.value;
  return typeof value === "string" ? value.trim() : "";
}

/** The choice when it is one of the possible ones, else `undefined`. */
export function oneOf<Choice extends string>(choices: readonly Choice[], text: string): Choice | undefined {
  return choices.find((choice) => choice === text);
}

/** A page of this shop to go to; anything else, such as another site, becomes the front page. */
export function toLocalPath(text: string): string {
  return /^\/(?![/\\])[\w/?=&-]*$/.test(text) ? text : "/";
}
