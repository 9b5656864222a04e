import type { ServerResponse } from "node:http";
import { isHttp2 } from "./response-guard.js";

/** Breaks a body off, so that nobody takes it for whole: by HTTP/2 it is whole wherever a stream is destroyed without an error. */
export function breakOff(response: ServerResponse): void {
  response.destroy(isHttp2(response) ? brokenOffError() : undefined);
}

/** Drops what a writer gives, who is told so by its callback, and to wait. */
export function dropWrite(given: readonly unknown[]): false {
  for (const callback of given)
    if (typeof callback === "function") process.nextTick(callback, droppedError());
  return false;
}

function droppedError(): Error {
  return Object.assign(new Error("The session could not be stored, and the response was replaced"), {
    code: "ERR_STREAM_DESTROYED",
  });
}

/** The error of a response that was broken off. */
function brokenOffError(): Error {
  return Object.assign(new Error("The session could not be stored, and the response was broken off"), {
    code: "ERR_STREAM_DESTROYED",
  });
}
