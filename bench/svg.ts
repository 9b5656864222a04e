/** Of about the same contrast, 4.3, to GitHub's white and to its near-black: the background is the page's. */
export const textColour = "#757d89";

export const fontFamily = "-apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif";

export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
