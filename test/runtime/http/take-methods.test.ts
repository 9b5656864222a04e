import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { expect, test } from "vitest";
import { type ResponseHolder, takeMethods } from "../../../runtime/http/take-methods.js";

const methods = ["writeHead", "write", "end", "flushHeaders"] as const;

test("all responses are held by the same functions, so that V8 need not keep one for each", () => {
  const [one, other] = [newResponse(), newResponse()];
  for (const response of [one, other]) takeMethods(response, holderOf(response, []));
  for (const method of methods) expect(one[method]).toBe(other[method]);
});

test("a response that two hold, with a wrapper of the app's between them, goes through each of them once", () => {
  const response = newResponse();
  const passed: string[] = [];
  takeMethods(response, holderOf(response, passed, "first"));
  const before = response.end;
  response.end = function end(this: ServerResponse, ...given: readonly unknown[]): ServerResponse {
    passed.push("wrapper");
    return Reflect.apply(before, this, given);
  };
  takeMethods(response, holderOf(response, passed, "second"));
  response.end("body");
  expect(passed).toEqual(["second", "wrapper", "first"]);
});

test("a writer goes on where the response of another library answers a write with nothing, as one of Node would", () => {
  const response = newResponse();
  takeMethods(response, { ...holderOf(response, []), take: () => undefined });
  expect(response.write("chunk")).toBe(true);
});

test("a method that is called on another response says so", () => {
  const response = newResponse();
  takeMethods(response, holderOf(response, []));
  expect(() => Reflect.apply(response.end, newResponse(), [])).toThrow("belongs to another response");
});

function newResponse(): ServerResponse {
  return new ServerResponse(new IncomingMessage(new Socket()));
}

/** Passes on to what was there before. */
function holderOf(response: ServerResponse, passed: string[], name = ""): ResponseHolder {
  const before = { end: response.end, writeHead: response.writeHead };
  return {
    writeHead: (head) => Reflect.apply(before.writeHead, response, head),
    take: (_method, given) => {
      passed.push(name);
      return Reflect.apply(before.end, response, given);
    },
  };
}
