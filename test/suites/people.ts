import { Strategy } from "passport-local";

/** A person as Passport has them on a request. */
export interface Person {
  readonly name: string;
}

interface PassportLike {
  use(strategy: Strategy): unknown;
}

/** Lets anybody in whose password is right. */
export function letIn(passport: PassportLike): void {
  passport.use(new Strategy((name, password, done) => done(null, password === "right" ? { name } : false)));
}

/** The name of whoever Passport put on a request, or `null`. */
export function nameOf(user: unknown): string | null {
  return typeof user === "object" && user !== null && "name" in user ? String(user.name) : null;
}

/** What a login form sends. */
export const loginForm: RequestInit = {
  method: "POST",
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: "username=alice&password=right",
};
