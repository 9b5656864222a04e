import type { ServerResponse } from "node:http";
import { readSlot, writeSlot } from "./request-slot.js";

/** Methods that send something, or the head alone. */
export type SendingMethod = "write" | "end" | "flushHeaders";

/** A response's own methods. */
export type NativeMethods = Pick<ServerResponse, SendingMethod | "writeHead">;

/** What gets what the app does with a response. */
export interface ResponseHolder {
  writeHead(head: readonly unknown[]): ServerResponse;
  take(method: SendingMethod, given: readonly unknown[]): unknown;
}

/** A response may be held several times, by sessions of several kinds: each time in a slot of its own. */
interface Level {
  readonly slot: symbol;
  readonly methods: NativeMethods;
}

const levels: Level[] = [];

/**
 * Gives a holder what the app sends, in the place of the response's methods, which are returned. The functions are the same
 * for all responses, which find their holder in a slot: of those that have functions of their own, V8 moves many to the
 * old generation, with all that hangs on them.
 */
export function takeMethods(response: ServerResponse, holder: ResponseHolder): NativeMethods {
  const { write, end, flushHeaders, writeHead } = response;
  const { slot, methods } = freeLevel(response);
  writeSlot(response, slot, holder);
  response.writeHead = methods.writeHead;
  response.write = methods.write;
  response.end = methods.end;
  response.flushHeaders = methods.flushHeaders;
  return { write, end, flushHeaders, writeHead };
}

function freeLevel(response: ServerResponse): Level {
  let depth = 0;
  for (const { slot } of levels) {
    if (readSlot(response, slot) === undefined) break;
    depth += 1;
  }
  const level = levels[depth] ?? createLevel();
  levels[depth] = level;
  return level;
}

function createLevel(): Level {
  const slot = Symbol("held response");
  const holderOf = (response: ServerResponse): ResponseHolder => {
    const holder = readSlot<ResponseHolder>(response, slot);
    if (holder === undefined) throw new TypeError("This method belongs to another response.");
    return holder;
  };
  return {
    slot,
    methods: {
      writeHead(this: ServerResponse, ...head: readonly unknown[]) {
        return holderOf(this).writeHead(head);
      },
      write(this: ServerResponse, ...given: readonly unknown[]) {
        return holderOf(this).take("write", given) !== false;
      },
      end(this: ServerResponse, ...given: readonly unknown[]) {
        holderOf(this).take("end", given);
        return this;
      },
      flushHeaders(this: ServerResponse) {
        holderOf(this).take("flushHeaders", []);
      },
    },
  };
}
