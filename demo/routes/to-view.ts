import type { Request } from "express";
import { readView, type View } from "../view.js";

/** Reads the session of one of the shop's requests for its page. */
export function toView(request: Request): View {
  const prefers = request.acceptsLanguages("en", "de") === "de" ? "de" : "en";
  return readView({ session: request.session, path: request.originalUrl, shop: "", prefers });
}
