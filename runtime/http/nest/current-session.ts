import { createParamDecorator, type ExecutionContext } from "@nestjs/common";
import { SessionError } from "../../platform/errors.js";
import type { SessionKinds } from "../nest.js";
import { type SessionClass, sessionOf } from "./registered-kinds.js";

/** What `CurrentSession()` gives. Without generated typings any type is accepted. */
export type DefaultSession = SessionKinds extends { readonly session: infer S }
  ? S
  : SessionKinds[keyof SessionKinds];

/** A decorator of a parameter whose type has to accept `S`; on any other it does not compile. */
export type SessionParameter<S> = <
  Target extends object,
  Key extends string | symbol | undefined,
  Index extends number,
>(
  target: Target,
  key: Key,
  index: Index & Accepting<Target, Key, Index, S>,
) => void;

type Accepting<Target, Key, Index extends number, S> = Key extends keyof Target
  ? Target[Key] extends (...given: infer Given) => unknown
    ? [S] extends [Given[Index & keyof Given]]
      ? unknown
      : SessionParameter<S>
    : unknown
  : unknown;

/**
 * Gives a handler's parameter the session of the request: of the kind `session`, or of the only kind that is registered;
 * of another kind when its class is named: `@CurrentSession(AdminSession) session: AdminSession`. It is `undefined` on
 * requests that the option `skip` passes over. In anything but an HTTP handler, and without `SessionModule`, the handler
 * fails with `SessionError` `"config"`.
 */
export function CurrentSession(): SessionParameter<DefaultSession>;
export function CurrentSession<S extends object>(kind: SessionClass<S>): SessionParameter<S>;
export function CurrentSession(kind?: SessionClass<object>): SessionParameter<never> {
  // In an object, since Nest looks into a class for what would make it a pipe, and would meet the fields of a session.
  return decorate({ kind });
}

const decorate = createParamDecorator<{ readonly kind: SessionClass<object> | undefined }>(
  ({ kind }, context) => sessionOf(incomingOf(context), kind),
);

/** The request of node:http, which Fastify keeps inside its own. */
function incomingOf(context: ExecutionContext): object {
  if (context.getType() !== "http") {
    const message = `@CurrentSession() is for HTTP handlers, and this one is of ${context.getType()}. Use fromCookie of the sessions there.`;
    throw new SessionError("config", message);
  }
  const request = context.switchToHttp().getRequest<{ readonly raw?: object }>();
  return request.raw ?? request;
}
