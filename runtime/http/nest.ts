import type { IncomingMessage, ServerResponse } from "node:http";
import {
  type DynamicModule,
  type FactoryProvider,
  Inject,
  type InjectionToken,
  type MiddlewareConsumer,
  type ModuleMetadata,
  type NestModule,
  type OnApplicationShutdown,
  type Provider,
  type Type,
} from "@nestjs/common";
import { APP_FILTER, HttpAdapterHost } from "@nestjs/core";
import type { FastifyInstance } from "fastify";
import { SessionError } from "../platform/errors.js";
import { anyValue } from "../platform/options.js";
import { Sessions } from "../sessions.js";
import { type CsrfRule, csrfRefusal } from "../transport/csrf/csrf-rule.js";
import { checkAdapter } from "./adapter-check.js";
import { judgeNodeRequest, passesCsrf } from "./csrf/node-check.js";
import { type AdapterOptions, isFor, type SessionsForAdapters } from "./exchange.js";
import { useDictionaryMode } from "./express/dictionary-mode.js";
import { SessionExceptionFilter } from "./nest/exception-filter.js";
import { addFastifyHooks, failSlot } from "./nest/fastify-hooks.js";
import { noteKind } from "./nest/registered-kinds.js";
import { runExchange } from "./node-exchange.js";
import { readSlot, shownProperty, writeSlot } from "./request-slot.js";

export type { AdapterOptions, SessionsForAdapters } from "./exchange.js";
export { CurrentSession, type SessionParameter } from "./nest/current-session.js";

/** The kinds of an app by their names; the `nest.ts` that is generated for each schema adds its own. */
// biome-ignore lint/suspicious/noEmptyInterface: generated code adds to it.
export interface SessionKinds {}

/** Options of `SessionModule`, the same over Express and Fastify: each is given the request of node:http, and its response. */
export interface SessionModuleOptions extends AdapterOptions<IncomingMessage, ServerResponse> {
  /** Closed when the app shuts down. */
  readonly sessions: SessionsForAdapters<object> & { close?(): Promise<void> };
}

/** Makes the options of a module; what `useClass` and `useExisting` name. */
export interface SessionOptionsFactory {
  createSessionOptions(): SessionModuleOptions | Promise<SessionModuleOptions>;
}

/** Options of `forRootAsync`: one of `useFactory`, `useClass` and `useExisting`. */
export interface SessionModuleAsyncOptions extends Pick<ModuleMetadata, "imports"> {
  /** The name of the kind, which is needed before there are sessions of it. Default: `session`. */
  readonly name?: string;
  readonly inject?: FactoryProvider["inject"];
  readonly useFactory?: FactoryProvider<SessionModuleOptions | Promise<SessionModuleOptions>>["useFactory"];
  readonly useClass?: Type<SessionOptionsFactory>;
  readonly useExisting?: Type<SessionOptionsFactory>;
}

/** What the sessions of a kind are injected by: the class `Sessions` for the kind `session`, else a text of its name. */
export function getSessionsToken(name = "session"): InjectionToken {
  return name === "session" ? Sessions : `session-gen:${name}`;
}

/** Injects the sessions of a kind, by its name; of the kind `session` unless given. */
export function InjectSessions(name?: string): PropertyDecorator & ParameterDecorator {
  return Inject(getSessionsToken(name));
}

const OPTIONS = Symbol("SessionModuleOptions");

/**
 * Sessions in Nest 11 and 12, over Express or Fastify: for each kind of session, import one of these in the module of the
 * app. The session is loaded before guards, interceptors and handlers, by a middleware, and stored before the first byte of
 * the response leaves. `@CurrentSession()` gives it to a handler; `sessions.of(request)`, and `request.session`, to a guard.
 */
export class SessionModule implements NestModule, OnApplicationShutdown {
  readonly #options: SessionModuleOptions;
  readonly #host: HttpAdapterHost;

  /** Called by Nest. */
  constructor(options: SessionModuleOptions, host: HttpAdapterHost) {
    this.#options = options;
    this.#host = host;
  }

  /** The sessions, which can be injected everywhere, and their middleware. */
  static forRoot(options: SessionModuleOptions): DynamicModule {
    return toModule(options.sessions.name, [{ provide: OPTIONS, useValue: options }]);
  }

  /** The same, where the options depend on what Nest has to make first. */
  static forRootAsync(options: SessionModuleAsyncOptions): DynamicModule {
    const { name = "session", imports = [] } = options;
    return { ...toModule(name, lateOptions(options)), imports };
  }

  /** Called by Nest. Throws `SessionError` `"config"` for impossible options. */
  configure(consumer: MiddlewareConsumer): void {
    const { sessions } = this.#options;
    const more = { sessions: anyValue };
    const rule = checkAdapter({ name: "SessionModule", sessions, options: this.#options, more });
    const { httpAdapter } = this.#host;
    const isFastify = httpAdapter.getType() === "fastify";
    if (isFastify) addFastifyHooks(httpAdapter.getInstance<FastifyInstance>(), sessions, rule);
    consumer.apply(createMiddleware(this.#options, rule, isFastify)).forRoutes("{*path}");
  }

  /** Called by Nest, after its server has closed. */
  async onApplicationShutdown(): Promise<void> {
    await this.#options.sessions.close?.();
  }
}

Inject(OPTIONS)(SessionModule, undefined, 0);
Inject(HttpAdapterHost)(SessionModule, undefined, 1);

type Middleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

function createMiddleware(
  options: SessionModuleOptions,
  rule: CsrfRule | null,
  isFastify: boolean,
): Middleware {
  const { sessions } = options;
  // Over Fastify the body, in which a token may be, is still to be read.
  const csrf = isFastify ? null : rule;
  const property = shownProperty(sessions.slot);
  return (request, response, next) => {
    if (!isFastify) useDictionaryMode(request, response);
    noteKind(request, sessions);
    const opened = readSlot<object>(request, sessions.slot);
    // Another middleware, such as `expressSession` with `callbacks`, has opened it and will store it; it may check nothing.
    if (opened !== undefined) {
      const isChecked = csrf !== null && !isFor(request, "skip", options);
      return isChecked && !passesCsrf([request], opened, csrf) ? next(csrfRefusal()) : next();
    }
    const handle = (session: object | undefined, fail: (error: unknown) => void): void => {
      writeSlot(request, failSlot, fail);
      // Where Nest's own `@Session()` finds it; Fastify has a request of its own.
      if (session !== undefined && !isFastify) Object.defineProperty(request, sessions.name, property);
      const isForeign = isFastify && rule !== null && judgeNodeRequest(request, rule) === "refuse";
      if (isForeign && session !== undefined) fail(csrfRefusal());
      else next();
    };
    runExchange(
      { sessions, options, csrf, request, response, incoming: request, outgoing: response },
      { handle },
    );
  };
}

function toModule(name: string, providers: readonly Provider[]): DynamicModule {
  const token = getSessionsToken(name);
  const given: Provider = {
    provide: token,
    useFactory: ({ sessions }: SessionModuleOptions) => {
      if (sessions.name === name) return sessions;
      const message = `SessionModule.forRootAsync is for the kind ${name}, and was given ${sessions.name}: say name: "${sessions.name}".`;
      throw new SessionError("config", message);
    },
    inject: [OPTIONS],
  };
  const filter: Provider = { provide: APP_FILTER, useClass: SessionExceptionFilter };
  return { module: SessionModule, global: true, providers: [...providers, given, filter], exports: [token] };
}

function lateOptions(options: SessionModuleAsyncOptions): readonly Provider[] {
  const { useFactory, useClass, useExisting, inject = [] } = options;
  if (useFactory !== undefined) return [{ provide: OPTIONS, useFactory, inject }];
  const factory = useClass ?? useExisting;
  if (factory === undefined) {
    const message = "SessionModule.forRootAsync needs useFactory, useClass or useExisting.";
    throw new SessionError("config", message);
  }
  const made: Provider = {
    provide: OPTIONS,
    useFactory: (one: SessionOptionsFactory) => one.createSessionOptions(),
    inject: [factory],
  };
  return useClass === undefined ? [made] : [made, useClass];
}
