import type { ServerResponse } from "node:http";

/** Puts a response back as it was. */
export type Release = () => void;

/**
 * Makes a response whose head is settled, but has not left yet, look to the app as it does when it has left:
 * `headersSent` is true and headers cannot change. Without this an error handler would write a second answer
 * into the first.
 */
export function guardHead(response: ServerResponse, isEnded: () => boolean): Release {
  const refuse = (): never => {
    throw headersSentError();
  };
  const guards: PropertyDescriptorMap = {
    headersSent: { get: () => true },
    writableEnded: { get: isEnded },
    setHeader: { value: refuse },
    setHeaders: { value: refuse },
    appendHeader: { value: refuse },
    removeHeader: { value: refuse },
    // Called by middleware that wraps `write` and does not look at `headersSent`.
    _implicitHeader: { value: () => undefined },
  };
  const before: [name: string, descriptor: PropertyDescriptor | undefined][] = [];
  for (const [name, guard] of Object.entries(guards)) {
    before.push([name, Object.getOwnPropertyDescriptor(response, name)]);
    Object.defineProperty(response, name, { ...guard, configurable: true });
  }
  return () => {
    for (const [name, descriptor] of before) {
      if (descriptor === undefined) Reflect.deleteProperty(response, name);
      else Object.defineProperty(response, name, descriptor);
    }
  };
}

/**
 * Lets a response that was answered in the app's place take whatever the app still sets, and do nothing: an answer that
 * comes too late, such as a page that is still being rendered, would else throw where nobody catches it.
 */
export function ignoreHead(response: ServerResponse): void {
  const ignore = (): ServerResponse => response;
  for (const name of ["writeHead", "setHeader", "setHeaders", "appendHeader", "removeHeader"])
    Object.defineProperty(response, name, { value: ignore, configurable: true });
}

/** What a response says first. */
export type ResponseStatus = Pick<ServerResponse, "statusCode" | "statusMessage">;

/** The status of a response as it stands. */
export function statusOf(response: ServerResponse): ResponseStatus {
  const { statusCode } = response;
  return { statusCode, statusMessage: isHttp2(response) ? "" : response.statusMessage };
}

/** Gives a response this status. HTTP/2 has no message, and Node warns of whoever sets it. */
export function setStatus(response: ServerResponse, { statusCode, statusMessage }: ResponseStatus): void {
  response.statusCode = statusCode;
  if (!isHttp2(response)) response.statusMessage = statusMessage;
}

/** Whether it is the response of `node:http2` that looks like one of `node:http`. */
export function isHttp2(response: ServerResponse): boolean {
  return "stream" in response;
}

/** The error that Node throws when a head is written twice. */
export function headersSentError(): Error {
  return Object.assign(new Error("Cannot change headers after they are sent to the client"), {
    code: "ERR_HTTP_HEADERS_SENT",
  });
}

/** The error that Node throws for a list of headers in which a name has no value. */
function oddListError(): Error {
  return Object.assign(new TypeError("A list of headers has a name without a value."), {
    code: "ERR_INVALID_ARG_VALUE",
  });
}

/** Sets status and headers as `writeHead(status, reason?, headers?)` does, without settling the head. */
export function prepareHead(response: ServerResponse, head: readonly unknown[]): void {
  const [status, second, third] = head;
  const code = Number(status) | 0;
  if (code < 100 || code > 999) {
    throw Object.assign(new RangeError(`Invalid status code: ${String(status)}`), {
      code: "ERR_HTTP_INVALID_STATUS_CODE",
    });
  }
  response.statusCode = code;
  if (typeof second === "string") response.statusMessage = second;
  const headers = typeof second === "string" ? third : (third ?? second);
  for (const [name, value] of headerEntries(headers)) response.setHeader(name, value);
}

type Entry = readonly [name: string, value: string | string[]];

/**
 * `writeHead` takes an object, a flat list of names and values, or a list of pairs; a list may repeat a name, and a value
 * may be a list itself.
 */
function headerEntries(headers: unknown): readonly Entry[] {
  if (typeof headers !== "object" || headers === null) return [];
  if (!Array.isArray(headers)) return Object.entries(headers);
  const flat: readonly unknown[] = headers.every(Array.isArray) ? headers.flat() : headers;
  if (flat.length % 2 !== 0) throw oddListError();
  const collected = new Map<string, [name: string, values: string[]]>();
  for (let index = 0; index < flat.length; index += 2) {
    const name = String(flat[index]);
    const entry = collected.get(name.toLowerCase()) ?? [name, []];
    entry[1].push(...[flat[index + 1]].flat().map(String));
    collected.set(name.toLowerCase(), entry);
  }
  return [...collected.values()].map(([name, values]): Entry => {
    const only = values.length === 1 ? values[0] : undefined;
    return [name, only ?? values];
  });
}
