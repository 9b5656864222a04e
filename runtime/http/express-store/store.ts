import { EventEmitter } from "node:events";
import { SessionError } from "../../platform/errors.js";
import type { Bag, BagBase } from "./bag.js";
import type { BagStore } from "./bag-store.js";

type Done = (error?: unknown) => void;

/** A request of express-session. */
interface StoreRequest {
  sessionID?: string;
  session?: unknown;
}

/** What express-session makes its sessions of, taken from one that it made. */
interface Classes {
  readonly Session: new (request: StoreRequest, bag: object) => object;
  /** Its constructor is not known: express-session's says that it is `Object`. */
  readonly cookiePrototype: object;
}

/** A store as express-session and @fastify/session want it; made by `expressStore`. Callbacks get a `SessionError` or `null`. */
export class ExpressStore extends EventEmitter {
  /** Makes a new session for a request; express-session puts it here. */
  generate?: (request: StoreRequest) => void;
  /** All live sessions; their sids are not known. Only over a backend that can walk over its records. */
  readonly all?: (callback: (error?: unknown, sessions?: never) => void) => void;
  /** How many there are. */
  readonly length?: (callback: (error?: unknown, length?: number) => void) => void;
  /** Ends them all. */
  readonly clear?: (callback?: Done) => void;
  readonly #bags: BagStore;
  /** What the sessions were that were handed out. */
  readonly #bases = new WeakMap<object, BagBase>();
  #classes: Classes | undefined;

  readonly #fields: readonly string[];

  /** `fields`: their names. */
  constructor(
    bags: BagStore,
    { fields, canScan, clear }: { fields: readonly string[]; canScan: boolean; clear: () => Promise<void> },
  ) {
    super();
    this.#bags = bags;
    this.#fields = fields;
    if (!canScan) return;
    this.all = (callback) => settle(bags.all(), callback as Callback<readonly Bag[]>);
    this.length = (callback) =>
      settle(
        bags.all().then((all) => all.length),
        callback,
      );
    this.clear = (callback) => settle(clear(), callback);
  }

  get(sid: string, callback: (error?: unknown, session?: never) => void): void {
    const reading = this.#bags.read(sid).then((read) => {
      if (read === null) return null;
      this.#bases.set(read.bag, read.base);
      return read.bag;
    });
    settle(reading, callback as Callback<Bag | null>);
  }

  set(sid: string, session: object, callback?: Done): void {
    const writing = this.#write(sid, session).then(() => undefined);
    settle(writing, callback);
  }

  touch(sid: string, session: object, callback?: Done): void {
    settle(isBag(session) ? this.#bags.touch(sid, { ...session }) : Promise.resolve(), callback);
  }

  destroy(sid: string, callback?: Done): void {
    settle(this.#bags.destroy(sid), callback);
  }

  /** A new session for a request, in the place of the one that it had. */
  regenerate(request: StoreRequest, callback: Done): void {
    this.destroy(request.sessionID ?? "", (error) => {
      this.#generate(request);
      callback(error);
    });
  }

  load(sid: string, callback: (error?: unknown, session?: never) => void): void {
    const done = callback as Callback<unknown>;
    this.get(sid, (error, session) => {
      if (error !== null || session === undefined || session === null) return done(error);
      let created: unknown;
      try {
        // With headers, of which express-session's option `proxy` wants to know more.
        const request: object = { sessionID: sid, sessionStore: this, headers: {} };
        created = this.createSession(request, session);
      } catch (cause) {
        return done(cause instanceof SessionError ? cause : noRequest(cause));
      }
      done(null, created);
    });
  }

  /** A session of express-session's own class, of what was read. */
  createSession<Created>(request: StoreRequest, bag: object): Created {
    const { Session, cookiePrototype } = this.#classesOf(request);
    const read = bag as Bag;
    const { expires, originalMaxAge } = read.cookie;
    const cookie: object = Object.create(cookiePrototype);
    const ends = typeof expires === "string" ? new Date(expires) : expires;
    // In this order: what the cookie computes when its end is set is not what was chosen.
    Object.assign(cookie, { path: "/", httpOnly: true }, read.cookie, { expires: ends }, { originalMaxAge });
    const session = new Session(request, { ...read, cookie });
    const base = this.#bases.get(bag);
    if (base !== undefined) this.#bases.set(session, base);
    request.session = session;
    return session as Created;
  }

  async #write(sid: string, session: object): Promise<void> {
    if (!isBag(session)) throw new SessionError("invalid", "A session of this store needs a cookie.");
    // As it is now: the app may go on with it.
    const base = await this.#bags.write(sid, { ...session }, this.#bases.get(session));
    // Only one whose beginning is known can tell later what changed.
    if (base !== undefined && this.#bases.has(session)) this.#bases.set(session, base);
  }

  #generate(request: StoreRequest): void {
    if (this.generate === undefined) {
      throw new SessionError("config", "Give this store to express-session first: it makes the sessions.");
    }
    this.generate(request);
  }

  /** No other package has to be there: the classes are those of whoever uses the store. */
  #classesOf(request: StoreRequest): Classes {
    if (this.#classes !== undefined) return this.#classes;
    const { sessionID } = request;
    this.#generate(request);
    const made = request.session;
    if (sessionID !== undefined) request.sessionID = sessionID;
    if (!isBag(made)) throw new SessionError("config", "express-session made a session without a cookie.");
    const hidden = this.#fields.filter((name) => name in made);
    if (hidden.length > 0) throw hiddenFields(hidden);
    this.#classes = {
      Session: made.constructor as Classes["Session"],
      cookiePrototype: Object.getPrototypeOf(made.cookie),
    };
    return this.#classes;
  }
}

function noRequest(cause: unknown): SessionError {
  return new SessionError(
    "config",
    "express-session could not make a session without a request: its options genid or cookie need one. Call load() after the first request, or use get().",
    { cause },
  );
}

function hiddenFields(names: readonly string[]): SessionError {
  const list = names.map((name) => JSON.stringify(name)).join(", ");
  return new SessionError(
    "config",
    `express-session has members of its own that are called ${list}: it cannot hold fields of these names. Rename them.`,
  );
}

type Callback<T> = (error?: unknown, value?: T) => void;

function settle<T>(promise: Promise<T>, callback: Callback<T> | undefined): void {
  promise.then(
    (value) => callback?.(null, value),
    (error: unknown) => callback?.(error),
  );
}

function isBag(value: unknown): value is Bag {
  return (
    typeof value === "object" &&
    value !== null &&
    "cookie" in value &&
    typeof value.cookie === "object" &&
    value.cookie !== null
  );
}
