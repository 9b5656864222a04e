import type { Content, Html } from "../html.js";
import { html } from "../html.js";
import type { View } from "../view.js";
import { icons } from "./icons.js";

interface Choice {
  readonly value: string;
  readonly label: string;
  readonly face: Content;
}

/** The switches for theme and language: forms, so that they work without scripts. */
export function preferences(view: View): Html {
  const { texts, theme, language } = view;
  return html`<div class="preferences">
${switchOf(view, "language", texts.language, language, [
  { value: "en", label: "English", face: "EN" },
  { value: "de", label: "Deutsch", face: "DE" },
])}
${switchOf(view, "theme", texts.theme, theme, [
  { value: "light", label: texts.light, face: icons.sun },
  { value: "system", label: texts.system, face: icons.device },
  { value: "dark", label: texts.dark, face: icons.moon },
])}
</div>`;
}

function switchOf(
  { path }: View,
  field: "theme" | "language",
  legend: string,
  chosen: string,
  choices: readonly Choice[],
): Html {
  const buttons = choices.map(
    ({ value, label, face }) =>
      html`<button name="${field}" value="${value}" title="${label}" aria-label="${label}" aria-pressed="${value === chosen ? "true" : "false"}">${face}</button>`,
  );
  return html`<form class="switch" method="post" action="/preferences" role="group" aria-label="${legend}">
<input type="hidden" name="from" value="${path}">${buttons}</form>`;
}
