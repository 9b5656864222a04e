import type { Session, SessionData } from "../generated/index.js";
import { countThings } from "./cart.js";
import { type Texts, texts } from "./texts.js";

/** What every page knows of the person who looks at it. */
export interface View {
  readonly texts: Texts;
  readonly language: SessionData["language"];
  readonly theme: SessionData["theme"];
  /** The page itself, to come back to. */
  readonly path: string;
  /** Where the shop is, seen from this page: empty for the shop's own. */
  readonly shop: string;
  /** `null` for guests. */
  readonly name: string | null;
  readonly cartCount: number;
  /** To be said once. */
  readonly notice: string | null;
}

/** A request for a page, whatever the framework. */
export interface Visit extends Pick<View, "path" | "shop"> {
  readonly session: Session;
  /** What the browser asks for, as far as the shop speaks it. */
  readonly prefers: SessionData["language"];
}

/** Reads the session for a page. Takes the notice out of it, so that the next page does not repeat it. */
export function readView({ session, path, shop, prefers }: Visit): View {
  const language = session.has("language") ? session.language : prefers;
  const notice = session.pop("notice");
  return {
    texts: texts[language],
    language,
    theme: session.theme,
    path,
    shop,
    name: session.name ?? null,
    cartCount: countThings(session.cart),
    notice: notice === undefined ? null : texts[language].notices[notice],
  };
}

/** `€34.00`, `34,00 €`. */
export function formatPrice(cents: number, { language }: View): string {
  return new Intl.NumberFormat(language, { style: "currency", currency: "EUR" }).format(cents / 100);
}

/** Day and time, for people. */
export function formatTime(time: number | Date, { language }: View): string {
  const locale = language === "en" ? "en-GB" : "de-DE";
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(time);
}
