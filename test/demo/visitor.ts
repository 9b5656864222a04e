/** Somebody in the shop with a browser of their own: no scripts, only forms and cookies, as the shop needs no more. */
export interface Visitor {
  /** The page, or where it sends to instead. */
  visit(path: string): Promise<string>;
  /** Sends a form; answers where it sends to. */
  submit(path: string, form?: Readonly<Record<string, string>>): Promise<string>;
  /** The same browser in the shop that has been opened again. */
  returnTo(origin: string): Visitor;
}

/** A visitor with these cookies, or none yet. */
export function createVisitor(origin: string, cookies: Map<string, string> = new Map()): Visitor {
  const send = async (path: string, init: RequestInit): Promise<string> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { cookie, ...(init.method === "POST" && { origin }) };
    const response = await fetch(`${origin}${path}`, { ...init, redirect: "manual", headers });
    for (const header of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
      if (value === "") cookies.delete(name);
      else cookies.set(name, value);
    }
    if (response.status >= 400) throw new Error(`${path} answered ${response.status}.`);
    return response.headers.get("location") ?? response.text();
  };
  return {
    visit: (path) => send(path, {}),
    submit: (path, form = {}) => send(path, { method: "POST", body: new URLSearchParams(form) }),
    returnTo: (other) => createVisitor(other, cookies),
  };
}
