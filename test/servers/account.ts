import { execFileSync } from "node:child_process";

/** Whom a server runs as that refuses root. */
export function accountOf(user: string): { readonly uid: number; readonly gid: number } {
  const number = (option: string): number => Number(execFileSync("id", [option, user], { encoding: "utf8" }));
  return { uid: number("-u"), gid: number("-g") };
}
