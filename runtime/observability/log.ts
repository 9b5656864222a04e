import { assertTypes, logger as loggerType } from "../platform/options.js";
import type { SessionLogger } from "../session-kind.js";
import type { SessionEvent, SessionSink } from "../types/session-event.js";

/** Options of `createLogSink`. */
export interface LogSinkOptions {
  /** Pino, or what takes an object first and a message second; `console` when left out, which gets one line. */
  readonly logger?: SessionLogger;
}

/**
 * Writes each event to a log: what every request does at `debug`, failures of the backend at `error`, the rest at `info`;
 * what the logger has no method for is left out. Lines show handles; there are no keys, tokens or data in any event.
 */
export function createLogSink(options: LogSinkOptions = {}): SessionSink {
  assertTypes("createLogSink", options, { logger: loggerType });
  const { logger = console } = options;
  const isStructured = logger.info !== undefined && !("table" in logger);
  return {
    note(event) {
      const message = describe(event);
      const level = levelOf(event);
      if (isStructured) logger[level]?.(event, message);
      else logger[level]?.(withHandle(message, event));
    },
  };
}

function levelOf(event: SessionEvent): "debug" | "info" | "error" {
  switch (event.type) {
    case "accessed":
    case "saved":
      return "debug";
    case "conflict":
      return event.outcome === "retried" ? "debug" : "info";
    case "backend-error":
      return "error";
    default:
      return "info";
  }
}

function describe(event: SessionEvent): string {
  const { kind } = event;
  switch (event.type) {
    case "accessed": {
      const milliseconds = (event.seconds * 1000).toFixed(2);
      return `${kind} ${event.isHit ? "found" : "not found"} in ${milliseconds} ms`;
    }
    case "saved":
      return `${kind} saved, ${event.bytes} bytes`;
    case "deleted":
      return `${kind} ${event.reason}${event.count === 1 ? "" : `, ${event.count} records`}`;
    case "conflict":
      return `${kind} written by two requests at once, ${event.outcome}`;
    case "invalid":
      return `${kind} with an invalid ${event.what}`;
    case "backend-error":
      return `${kind} backend failed in ${event.operation}: ${event.code}`;
    case "created":
      return `${kind} created`;
    case "expired":
      return `${kind} presented after its expiry`;
  }
}

function withHandle(message: string, event: SessionEvent): string {
  return "handle" in event && event.handle !== null ? `${message} (${event.handle})` : message;
}
