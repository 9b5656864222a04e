import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from "fastify";
import { SessionError } from "../platform/errors.js";
import { anyValue, flag } from "../platform/options.js";
import { cookieHeaderOf } from "../transport/cookie-header.js";
import { type CsrfRule, csrfRefusal } from "../transport/csrf/csrf-rule.js";
import { checkAdapter } from "./adapter-check.js";
import { type CommitTurn, replaceable } from "./callbacks/replaceable-session.js";
import { listFields } from "./callbacks/session-callbacks.js";
import { passesFastifyCsrf } from "./csrf/fastify-check.js";
import { judgeNodeRequest } from "./csrf/node-check.js";
import type { AdapterOptions, SessionsForAdapters } from "./exchange.js";
import {
  ANSWER_HEADERS,
  answerTo,
  type HeaderList,
  isFor,
  letAnswer,
  openSession,
  PLAIN_TEXT,
  reportFailure,
  warn,
} from "./exchange.js";
import { appendHeaders, discard, isStream, prepareReply, unwrapResponse } from "./fastify/reply.js";
import { HeldResponse } from "./held-response.js";
import { readSlot, refuseAssignment, writeSlot } from "./request-slot.js";
import { settle } from "./settle.js";

export type { AdapterOptions, SessionsForAdapters } from "./exchange.js";

/** Options of `fastifySession`. */
export interface FastifySessionOptions extends AdapterOptions<FastifyRequest, FastifyReply> {
  readonly sessions: SessionsForAdapters<object>;
  /**
   * Adds `regenerate` to the session, and lets `save`, `reload` and `destroy` take a callback, for @fastify/passport and its like.
   * The fields that they write have to be declared in the schema.
   */
  readonly callbacks?: boolean;
}

/**
 * A plug-in for Fastify 5 that puts the session on the request, under the name of its kind: `request.session`,
 * `request.adminSession`. It is loaded in `onRequest` and stored in `onSend`, before the head is written. What
 * changes while a stream is sent is stored at its end, when that needs no cookie. It holds for the instance that
 * registers it and for all below. After `reply.hijack()` Fastify calls no hook: call `sessions.commit` yourself.
 */
export const fastifySession: FastifyPluginCallback<FastifySessionOptions> = Object.assign(register, {
  [Symbol.for("skip-override")]: true,
  [Symbol.for("fastify.display-name")]: "@session-gen/runtime/fastify",
});

/** One registration: its options, and where it keeps the failure of a request. */
interface Registration extends FastifySessionOptions {
  readonly failureSlot: symbol;
  /** Where it keeps what stores the sessions of a request, when that is more than one. */
  readonly commitSlot: symbol;
  readonly rule: CsrfRule | null;
}

/** A request whose session failed; `answered` once a reply has passed `onSend`. */
interface Failure {
  answered: boolean;
}

function register(
  fastify: Parameters<FastifyPluginCallback>[0],
  options: FastifySessionOptions,
  done: (error?: Error) => void,
): void {
  let rule: CsrfRule | null;
  try {
    rule = ruleOf(options);
  } catch (error) {
    // Thrown here, it would end the process.
    done(error instanceof Error ? error : undefined);
    return;
  }
  const { slot } = options.sessions;
  const [failureSlot, commitSlot] = [Symbol("failure"), Symbol("commit")];
  const registration: Registration = { ...options, failureSlot, commitSlot, rule };
  // The others are rarely used, and each would be assigned at every request.
  fastify.decorateRequest(slot, undefined);
  fastify.decorateRequest(options.sessions.name, {
    getter(): unknown {
      return readSlot(this, slot);
    },
    setter: refuseAssignment,
  });
  fastify.addHook("onRequest", (request, reply, next) => load(registration, request, reply, next));
  // After the body was parsed, in which the token may be.
  if (rule !== null)
    fastify.addHook("preValidation", (request, reply, next) => {
      if (passesFastifyCsrf(request, readSlot(request, slot), rule)) next();
      else refuse(registration, request, reply);
    });
  fastify.addHook("onSend", (request, reply, payload, next) => {
    const failure = readSlot<Failure>(request, registration.failureSlot);
    if (failure === undefined) {
      commit(registration, request, reply, payload, next);
    } else {
      failure.answered = true;
      next();
    }
  });
  fastify.addHook("onError", (_request, reply, error, next) => {
    if (error instanceof SessionError) prepareReply(reply, error);
    next();
  });
  done();
}

/** What Fastify itself knows of any plug-in. */
const ofPlugin = { prefix: anyValue, logLevel: anyValue, logSerializers: anyValue };

function ruleOf(options: FastifySessionOptions): CsrfRule | null {
  const { sessions } = options;
  if (sessions === undefined) {
    const message = "fastifySession needs its sessions: app.register(fastifySession, { sessions })";
    throw new SessionError("config", message);
  }
  const more = { sessions: anyValue, callbacks: flag, ...ofPlugin };
  return checkAdapter({ name: "fastifySession", sessions, options, more });
}

function load(
  registration: Registration,
  request: FastifyRequest,
  reply: FastifyReply,
  next: () => void,
): void {
  const { sessions, rule } = registration;
  settle<object | undefined>(
    () =>
      isFor(request, "skip", registration)
        ? undefined
        : openSession(sessions, registration, request, cookieHeaderOf(request.raw)),
    (session) => {
      if (session === undefined) {
        next();
        return;
      }
      if (registration.callbacks === true) {
        const place = { sessions, options: registration, request, put: listFields };
        const turns = replaceable(place, { handle: () => undefined });
        turns.handle(session, () => undefined);
        writeSlot(request, registration.commitSlot, turns.commit);
      }
      const isForeign = rule !== null && judgeNodeRequest(request.raw, rule) === "refuse";
      if (isForeign) refuse(registration, request, reply);
      else next();
    },
    (error) => fail({ registration, request, reply, error }, (body) => void reply.send(body)),
  );
}

function commit(
  registration: Registration,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  next: (error: null, payload?: unknown) => void,
): void {
  const commitNow = commitOf(registration, request);
  if (commitNow === undefined) {
    next(null);
    return;
  }
  const body = unwrapResponse(reply, payload);
  let readOnly = false;
  settle(
    () => {
      readOnly = isFor(request, "readOnly", registration);
      return commitNow({ status: reply.statusCode, headersSent: false, readOnly });
    },
    (headers) => {
      appendHeaders(reply, headers);
      if (isStream(body)) {
        new HeldResponse(reply.raw, {
          phase: "streaming",
          commit: (state) => commitNow({ readOnly, ...state }),
          report: (error) => reportFailure(error, registration, request, reply),
        });
      }
      next(null, body);
    },
    (error) => {
      discard(body);
      fail({ registration, request, reply, error }, (body) => next(null, body));
    },
  );
}

/** What stores the session of a request, and those that it took the place of; `undefined` when it has none. */
function commitOf(
  { sessions, commitSlot, callbacks }: Registration,
  request: FastifyRequest,
): CommitTurn | undefined {
  const session = readSlot<object>(request, sessions.slot);
  if (session === undefined) return undefined;
  const ofAll = callbacks === true ? readSlot<CommitTurn>(request, commitSlot) : undefined;
  return ofAll ?? ((state) => sessions.commitNow(session, state));
}

function refuse(registration: Registration, request: FastifyRequest, reply: FastifyReply): void {
  fail({ registration, request, reply, error: csrfRefusal() }, (body) => void reply.send(body));
}

interface FailedRequest {
  readonly registration: Registration;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly error: unknown;
}

/** Replaces the reply by the answer to the failure, unless `onError` answers; `send` sends the body. */
function fail({ registration, request, reply, error }: FailedRequest, send: (body: string) => void): void {
  const failure: Failure = { answered: false };
  writeSlot(request, registration.failureSlot, failure);
  const sendDefault = (): void => {
    if (failure.answered || reply.sent) return;
    reply.type(PLAIN_TEXT);
    send(answerTo(error).body);
  };
  const answer = (headers: HeaderList): void => {
    for (const name of ANSWER_HEADERS) reply.removeHeader(name);
    prepareReply(reply, error);
    appendHeaders(reply, headers);
    settle(
      () => letAnswer(error, registration, request, reply),
      sendDefault,
      (other) => {
        warn(other);
        sendDefault();
      },
    );
  };
  const commitNow = commitOf(registration, request);
  // The cookie of what was done (a logout, a new key) is sent all the same.
  settle(
    () => commitNow?.({ status: 500, failed: true }) ?? [],
    answer,
    () => answer([]),
  );
}
