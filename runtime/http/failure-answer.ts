import type { ServerResponse } from "node:http";
import { ANSWER_HEADERS, answerTo, type HeaderList, PLAIN_TEXT } from "./exchange.js";
import { setStatus } from "./response-guard.js";
import { appendHeaders } from "./response-headers.js";

/** Gives a response of node:http the status and the headers of the answer to a failure, and those of its session. */
export function prepareAnswer(response: ServerResponse, error: unknown, headers: HeaderList): void {
  const answer = answerTo(error);
  // Of a removed length or coding Node remembers that there is to be none, and then ends the connection.
  for (const name of ANSWER_HEADERS) if (response.hasHeader(name)) response.removeHeader(name);
  setStatus(response, { statusCode: answer.status, statusMessage: "" });
  appendHeaders(response, [...answer.headers, ...headers]);
}

/** The body of the answer, and its type and length with it: whatever `onError` sends in its place has its own. */
export function standardBody(response: ServerResponse, error: unknown): string {
  const { body } = answerTo(error);
  response.setHeader("Content-Type", PLAIN_TEXT);
  response.setHeader("Content-Length", Buffer.byteLength(body));
  return body;
}
