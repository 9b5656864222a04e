import { nodeSession } from "../../../runtime/http/node.js";
import { testAdapterOnEveryBackend } from "../../suites/adapter-backends.js";
import { listen } from "../../suites/listen.js";

testAdapterOnEveryBackend({
  name: "node",
  start: (sessions, route, options) =>
    listen(
      nodeSession(
        sessions,
        (request, response, session) =>
          route(request.url ?? "")({
            session: session ?? sessions.create(),
            reply: (status, body, headers) => response.writeHead(status, headers).end(body),
            stream: (body) => body.pipe(response),
            redirect: (location) => response.writeHead(302, { Location: location }).end(),
          }),
        options,
      ),
    ),
});
