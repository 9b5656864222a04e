import { type AdoptingRequest, findAdopted } from "./http/adopt/find-adopted.js";
import type { HeaderList, ResponseState } from "./http/exchange.js";
import { readSlot, writeSlot } from "./http/request-slot.js";
import { SessionError } from "./platform/errors.js";
import { carryOut } from "./session/act.js";
import type { SessionContext, StoredContext } from "./session/context.js";
import { type DataOf, type PatchOf, type SessionOf, stateOf } from "./session/dictionary.js";
import { noteHead, tooLate } from "./session/late-use.js";
import { decide } from "./session/lifecycle.js";
import { SessionState } from "./session/session-state.js";
import type { FoundSession, TokenStore } from "./token/token-store.js";
import { readTokens, removeTokenHeaders, setTokenHeaders } from "./transport/cookie-chunks.js";
import type { CookiePolicy } from "./transport/cookie-policy.js";

/** What `BaseSessions` is made of; see `openSessions`. */
export interface SessionsParts<S> {
  readonly Session: new (state: SessionState) => S;
  readonly context: StoredContext;
  /** Where a request keeps its session. */
  readonly slot: symbol;
  /** Read at first use, since it may name environment variables. */
  readonly cookiePolicy: () => CookiePolicy;
  /** Lets go of the backend, unless it is the user's. */
  readonly close: () => Promise<void>;
}

/**
 * The sessions of one kind, wherever they are. An app opens it once; adapters call `openNow` before a handler and
 * `commitNow` after it, which is all there is to a request. Rejections are `SessionError`: an absent, expired or forged
 * session is a value, not an error.
 */
export class BaseSessions<S extends SessionOf<DataOf<S>>> {
  /** The kind's name, which is also that of the request's property. */
  readonly name: string;
  /** Where a request keeps its session, for `of`. */
  readonly slot: symbol;
  readonly #parts: SessionsParts<S>;

  /** Made by `openSessions` and `openSealedSessions`. */
  constructor(parts: SessionsParts<S>) {
    this.name = parts.context.name;
    this.#parts = parts;
    this.slot = parts.slot;
  }

  /** How its records are written and read; for `copySessions`. */
  get recordContext(): SessionContext {
    return this.#parts.context;
  }

  /** A new session, stored when it is saved. */
  create(data: PatchOf<DataOf<S>> = {}): S {
    const session = this.#toSession(null);
    session.update(data);
    return session;
  }

  /** The session of a key, or `null` when it is absent, expired or unreadable. */
  async load(key: string): Promise<S | null> {
    const found = await this.#find(key);
    return found && this.#toSession(found);
  }

  /** The session of a key, or a new one under a new key. */
  async open(key?: string): Promise<S> {
    return (key === undefined ? null : await this.load(key)) ?? this.#toSession(null);
  }

  /** Whether a key opens a session. */
  async exists(key: string): Promise<boolean> {
    return (await this.#find(key)) !== null;
  }

  /** The session of a `Cookie` header: for any entry that no adapter knows. `request` is what `of` finds it by. */
  async fromCookie(cookieHeader: string | null | undefined, request?: object): Promise<S> {
    if (cookieHeader === null || cookieHeader === undefined) return this.openNow(undefined, request);
    if (typeof cookieHeader === "string") return this.openNow(cookieHeader, request);
    throw new SessionError("invalid", "fromCookie takes the text of a Cookie header, or null for none.");
  }

  /** Stores what is to be stored at the end of a request; the headers to append to its response. */
  async commit(session: S, response: ResponseState = {}): Promise<HeaderList> {
    return this.commitNow(session, response);
  }

  /**
   * The session of a request that `fromCookie` or an adapter has seen. Throws `SessionError` `"config"` for any other, also
   * for one that another tenant's session is on.
   */
  of(request: object): S {
    const session = readSlot<S>(request, this.slot);
    if (session === undefined) {
      throw new SessionError(
        "config",
        `This request has no ${this.name}. Let the adapter's middleware run before what uses it.`,
      );
    }
    const { name } = this.#parts.context.tenant;
    if (name === null || name === stateOf(session).context.tenant.name) return session;
    throw new SessionError(
      "config",
      `The ${this.name} of this request belongs to another tenant, or to none. Give the adapter's option tenant what forTenant gets.`,
    );
  }

  /** Opens connections and reads the environment now instead of at first use; rejects when that fails. */
  async ready(): Promise<void> {
    const { cookiePolicy, context } = this.#parts;
    cookiePolicy();
    await context.format.ready();
    await context.store.ready();
  }

  /** Lets go of connections. */
  async close(): Promise<void> {
    await this.#parts.close();
  }

  /** `fromCookie` for adapters: at once when no backend has to be asked. */
  openNow(cookieHeader: string | undefined, request?: object): S | Promise<S> {
    const found = this.#findPresented(cookieHeader);
    if (!(found instanceof Promise)) return this.#remember(this.#toSession(found), request);
    return found.then((later) => this.#remember(this.#toSession(later), request));
  }

  /** `openNow` for a request that may bring a session of another library, which then becomes one of this kind. */
  async openAdopting({ cookieHeader, adoption, request }: AdoptingRequest): Promise<S> {
    const own = await this.#findPresented(cookieHeader);
    const { found, foreign } = await findAdopted({ own, cookieHeader, adoption }, this.#parts.context);
    const session = this.#toSession(found);
    stateOf(session).foreign = foreign;
    return this.#remember(session, request);
  }

  /** `commit` for adapters: at once when nothing has to be stored, or can be at once; then a failure is thrown at once too. */
  commitNow(
    session: S,
    { status = 200, headersSent, readOnly = false, failed = false }: ResponseState,
  ): HeaderList | Promise<HeaderList> {
    const state = stateOf(session);
    state.isReadOnly = readOnly;
    if (failed) return this.#takeHeaders(state, headersSent);
    if (state.busy !== null) {
      return state.busy.then((failure) => {
        // The app does not wait for what it began, so its failure is the request's; that of a logout is tried again.
        if (failure != null && status < 500 && !state.isDestroyed) throw failure;
        return this.commitNow(session, { status, headersSent, readOnly });
      });
    }
    const outcome = decide(state.facts(state.context.clock(), !headersSent), status);
    if (headersSent && (outcome === "create" || outcome === "rotate")) throw tooLate(this.name);
    if (outcome === "keep") return this.#takeHeaders(state, headersSent);
    const work = carryOut(outcome, state);
    const headers = (): HeaderList => this.#takeHeaders(state, headersSent);
    return work === undefined ? headers() : work.then(headers);
  }

  /** The headers that are due; those that can still be sent are not due again. */
  #takeHeaders(state: SessionState, headersSent: boolean | undefined): HeaderList {
    noteHead(state, headersSent);
    const cookies = this.#cookies(state);
    if (cookies === null) return state.isAccessed && !headersSent ? accessedHeaders : noHeaders;
    if (!headersSent) {
      state.isCookieDue = false;
      state.isKeyKnown = true;
      // From here on the client has a cookie that would have to be taken back.
      state.isPresented = true;
      return [...cookies.map((cookie) => ["Set-Cookie", cookie] as const), ...accessedHeaders];
    }
    if (state.key !== null && !state.isKeyKnown) throw tooLate(this.name);
    return noHeaders;
  }

  #cookies(state: SessionState): readonly string[] | null {
    const policy = this.#parts.cookiePolicy();
    if (state.isDestroyed) return state.isPresented ? removeTokenHeaders(policy) : null;
    if (!state.isCookieDue || state.key === null || state.stored === null) return null;
    const left = (state.stored.expiresAt - state.context.clock()) / 1000;
    return setTokenHeaders(policy, state.key, state.chosenExpiry === "browser" ? null : left);
  }

  #findPresented(cookieHeader: string | undefined): FoundSession | null | Promise<FoundSession | null> {
    const keys = readTokens(cookieHeader, this.#parts.cookiePolicy());
    const [first] = keys;
    if (first === undefined) return null;
    return keys.length === 1
      ? this.#find(first)
      : this.#findOne(keys.filter(this.#parts.context.store.isToken));
  }

  #find(key: string): FoundSession | null | Promise<FoundSession | null> {
    const { store } = this.#parts.context;
    return store.isToken(key) ? store.read(key) : null;
  }

  /** The one session that these keys open, the newer token of it. Two different sessions are both refused: one was planted. */
  #findOne(keys: readonly string[]): FoundSession | null | Promise<FoundSession | null> {
    const { store } = this.#parts.context;
    const [first] = keys;
    if (first === undefined) return null;
    if (keys.length === 1) return store.read(first);
    return Promise.all([...new Set(keys)].map((key) => store.read(key))).then((found) => {
      const live = found.filter((session) => session !== null);
      live.sort(
        (one, other) =>
          Number(one.isForwarded) - Number(other.isForwarded) ||
          other.stored.expiresAt - one.stored.expiresAt,
      );
      const [newest] = live;
      return live.every(({ stored }) => stored.id === newest?.stored.id) ? (newest ?? null) : null;
    });
  }

  #toSession(found: FoundSession | null): S {
    const state = new SessionState(this.#parts.context, found);
    state.isPresented = found !== null;
    return new this.#parts.Session(state);
  }

  #remember(session: S, request: object | undefined): S {
    if (request !== undefined) writeSlot(request, this.slot, session);
    return session;
  }
}

/** The sessions of one kind, kept in a backend. */
export class Sessions<S extends SessionOf<DataOf<S>>> extends BaseSessions<S> {
  readonly #store: TokenStore;

  constructor(parts: SessionsParts<S>) {
    super(parts);
    this.#store = parts.context.store;
  }

  /** Ends the session of a key. `false` when there was none. */
  async delete(key: string): Promise<boolean> {
    return this.#store.isToken(key) && this.#store.endByToken(key);
  }
}

const noHeaders: HeaderList = Object.freeze([]);

/** A response made with a session must not be given to anyone else. */
const accessedHeaders: HeaderList = Object.freeze([
  ["Vary", "Cookie"],
  ["Cache-Control", 'private, no-cache="Set-Cookie"'],
] as const);
