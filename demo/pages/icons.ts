import { type Html, html } from "../html.js";

/** Small pictures in the colour of the text around them. */
export const icons: Readonly<
  Record<"leaf" | "sun" | "moon" | "device" | "check" | "laptop" | "phone" | "wilted", Html>
> = {
  leaf: icon(html`<path d="M5 19C4 10 9 4 20 4c0 11-6 16-15 15Z"/><path d="M4 21 13 11"/>`),
  sun: icon(
    html`<circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4"/>`,
  ),
  moon: icon(html`<path d="M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10Z"/>`),
  device: icon(html`<circle cx="12" cy="12" r="8"/><path d="M12 4v16a8 8 0 0 0 0-16Z" fill="currentColor"/>`),
  check: icon(html`<path d="m5 13 4 4 10-11"/>`),
  laptop: icon(html`<rect x="5" y="5" width="14" height="10" rx="1.5"/><path d="M2.5 19h19"/>`),
  phone: icon(html`<rect x="7" y="3" width="10" height="18" rx="2"/><path d="M11 18h2"/>`),
  wilted: icon(
    html`<path d="M9 21h6l1-5H8l1 5ZM12 16c0-5-1-9-5-10M7 6c-2 1-3 3-2 6 3-1 4-3 2-6ZM12 11c1-3 3-4 5-3M17 8c2 0 3 2 2 4-2 0-3-2-2-4Z"/>`,
  ),
};

function icon(shapes: Html): Html {
  return html`<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${shapes}</svg>`;
}
