import type { Session } from "../generated/index.js";
import { authenticate } from "./accounts.js";
import { deviceLabel } from "./device-label.js";
import { formText } from "./forms.js";

/** The name of a sign-in form: picked, or typed. */
export function nameIn(form: unknown): string {
  return formText(form, "pick") || formText(form, "name");
}

/** Signs in whoever a form names; `false`, and nothing has changed, when that is no name. */
export function signIn(session: Session, form: unknown, userAgent: string | undefined): boolean {
  const account = authenticate(nameIn(form));
  if (account === null) return false;
  session.update({
    userId: account.id,
    name: account.name,
    signedInAt: new Date(),
    device: deviceLabel(userAgent ?? ""),
    visits: undefined,
    notice: "signed-in",
  });
  session.setExpiry(formText(form, "stay") === "yes" ? null : "browser");
  return true;
}
