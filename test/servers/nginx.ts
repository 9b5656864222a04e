import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ask } from "./ask.js";
import { programOf } from "./installed.js";
import { startServer } from "./start-server.js";
import type { TestServer } from "./test-server.js";

/** An nginx that keeps what it may of an app's answers, and says of each in `X-Cache` whether it had it: `MISS`, `HIT`. */
export function startCacheInFront(origin: string): Promise<TestServer> {
  return startServer({
    name: "nginx",
    command: programOf("nginx"),
    args: (_port, folder) => ["-p", folder, "-c", "nginx.conf", "-e", "error.log"],
    url: (port) => `http://localhost:${port}`,
    ask: (port) => ask(port, "GET /nginx HTTP/1.0\r\n", "HTTP/1.1 204"),
    prepare: (folder, port) => writeFile(join(folder, "nginx.conf"), configuration(port, origin)),
  });
}

function configuration(port: number, origin: string): string {
  const user = process.getuid?.() === 0 ? "user root;" : "";
  const folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (use) => `${use}_temp_path ${use};`,
  );
  return `${user}
daemon off; worker_processes 1; pid nginx.pid;
events {}
http {
  access_log off;
  ${folders.join(" ")}
  proxy_cache_path cache keys_zone=app:1m;
  server {
    listen 127.0.0.1:${port};
    location = /nginx { return 204; }
    location / {
      proxy_pass ${origin.replace("localhost", "127.0.0.1")};
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_cache app;
      add_header X-Cache $upstream_cache_status always;
    }
  }
}
`;
}
