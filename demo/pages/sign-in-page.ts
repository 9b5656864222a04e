import { regulars } from "../accounts.js";
import { type Html, html } from "../html.js";
import type { View } from "../view.js";
import { layout } from "./layout.js";

/** What the form was filled with, when it comes back. */
export interface SignInForm {
  /** The page to go to afterwards. */
  readonly next: string;
  /** A name that was refused. */
  readonly refused?: string;
}

/** The form to sign in by; shown again, with the reason, when the name was no name. */
export function signInPage(view: View, { next, refused }: SignInForm): Html {
  const { texts } = view;
  const people = regulars.map(
    (name) =>
      html`<button class="person" name="pick" value="${name}" formnovalidate><span class="who">${name[0]}</span>${name}</button>`,
  );
  const problem =
    refused !== undefined && html`<p class="problem" id="problem" role="alert">${texts.nameRefused}</p>`;
  const described = refused !== undefined && html` aria-describedby="problem" aria-invalid="true"`;
  return layout(
    view,
    texts.signIn,
    html`<section class="panel">
<h1>${texts.whoAreYou}</h1>
<p>${texts.noPassword}</p>
<form method="post" action="/sign-in">
<input type="hidden" name="next" value="${next}">
<div class="people">${people}</div>
<p class="or">${texts.orType}</p>
<label for="name">${texts.yourName}</label>
<div class="together"><input id="name" name="name" maxlength="32" autocomplete="username" required value="${refused}"${described}>
<button class="button">${texts.signIn}</button></div>
${problem}
<label class="check"><input type="checkbox" name="stay" value="yes" checked> ${texts.staySignedIn}</label>
</form>
</section>`,
  );
}
