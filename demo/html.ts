/** Markup that is safe to send: made only by the tag `html`, which escapes whatever is put into it. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template; `false`, `null` and `undefined` are nothing. */
export type Content = Html | string | number | false | null | undefined | readonly Content[];

/** The tag of every template: what is not `Html` is text, and is escaped. Put attribute values in double quotes. */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(String.raw({ raw: strings }, ...contents.map(toText)));
}

function toText(content: Content): string {
  if (content instanceof Html) return content.text;
  if (typeof content === "string")
    return content.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  if (typeof content === "number") return String(content);
  if (content === false || content === null || content === undefined) return "";
  return content.map(toText).join("");
}
