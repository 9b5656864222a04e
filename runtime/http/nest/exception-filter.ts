import { type ArgumentsHost, Catch, HttpException, Logger } from "@nestjs/common";
import { BaseExceptionFilter } from "@nestjs/core";
import { SessionError } from "../../platform/errors.js";
import { answerTo } from "../exchange.js";

/**
 * Answers what a handler's own `save()`, or the like, rejects with: 503 with Retry-After, 409, or 500, in Nest's form and
 * without details. What a person must repair is logged. A filter of the app comes before it.
 */
export class SessionExceptionFilter extends BaseExceptionFilter<SessionError> {
  override catch(error: SessionError, host: ArgumentsHost): void {
    // Gateways and microservices have filters of their own.
    if (host.getType() !== "http") throw error;
    const { status, body } = answerTo(error);
    if (status === 500) new Logger("SessionModule").error(error);
    const response: unknown = host.switchToHttp().getResponse();
    const adapter = this.httpAdapterHost?.httpAdapter;
    if (adapter?.isHeadersSent(response) === false) {
      for (const [name, value] of Object.entries(error.headers)) adapter.setHeader(response, name, value);
    }
    super.catch(toHttp(error, body.trim(), status), host);
  }
}

Catch(SessionError)(SessionExceptionFilter);

/** Of the type that the base class is declared with; it takes anything. */
function toHttp(cause: SessionError, message: string, status: number): never {
  return new HttpException(message, status, { cause }) as never;
}
