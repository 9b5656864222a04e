import type { Session } from "../generated/index.js";
import { formText, oneOf } from "./forms.js";

/** Keeps the theme and the language that a form asks for, for guests too. */
export function keepPreferences(session: Session, form: unknown): void {
  const theme = oneOf(["system", "light", "dark"], formText(form, "theme"));
  const language = oneOf(["en", "de"], formText(form, "language"));
  if (theme !== undefined) session.theme = theme;
  if (language !== undefined) session.language = language;
}
