import type { Request } from "express";
import type { SessionData } from "../generated/index.js";
import { countThings } from "./cart.js";
import { type Texts, texts } from "./texts.js";

/** What every page knows of the person who looks at it. */
export interface View {
  readonly texts: Texts;
  readonly language: SessionData["language"];
  readonly theme: SessionData["theme"];
  /** The page itself, to come back to. */
  readonly path: string;
  /** `null` for guests. */
  readonly name: string | null;
  readonly cartCount: number;
  /** To be said once. */
  readonly notice: string | null;
}

/** Reads the session for a page. Takes the notice out of it, so that the next page does not repeat it. */
export function toView(request: Request): View {
  const { session } = request;
  const language = languageOf(request);
  const notice = session.pop("notice");
  return {
    texts: texts[language],
    language,
    theme: session.theme,
    path: request.originalUrl,
    name: session.name ?? null,
    cartCount: countThings(session.cart),
    notice: notice === undefined ? null : texts[language].notices[notice],
  };
}

/** The chosen language; until one is chosen, what the browser asks for. */
function languageOf(request: Request): SessionData["language"] {
  if (request.session.has("language")) return request.session.language;
  return request.acceptsLanguages("en", "de") === "de" ? "de" : "en";
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
