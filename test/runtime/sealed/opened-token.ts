import type { OpenedToken } from "../../../runtime/token/recent-tokens.js";

/** What a token with one field has opened to. */
export function openedToken(text: string): OpenedToken {
  return {
    tenant: null,
    stored: {
      ...{ id: "", revision: 1, createdAt: 0, expiresAt: 0, meta: { writes: "" }, refused: {} },
      fields: { text },
    },
  };
}
