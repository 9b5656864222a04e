import { fileURLToPath } from "node:url";

export interface Asset {
  /** Of its file. */
  readonly path: string;
  readonly type: string;
}

/** What pages name beside themselves, by the last part of its URL: the same for everybody. */
export const assets: Readonly<Record<string, Asset>> = {
  "shop.css": { path: pathOf("shop.css"), type: "text/css; charset=utf-8" },
  "leaf.svg": { path: pathOf("leaf.svg"), type: "image/svg+xml" },
};

function pathOf(name: string): string {
  return fileURLToPath(new URL(`./${name}`, import.meta.url));
}
