import { afterAll, expect, test } from "vitest";
import { isNightly } from "../suites/faults/scale.js";
import { codeBlock } from "./code-blocks.js";
import { createProject, type InstalledProject } from "./installed-project.js";
import { installOnDemand, linkPackages } from "./on-demand.js";
import { type CookieJar, startApp } from "./running-app.js";

const page = "docs/frameworks/others.md";

/** A framework that is built by Vite and run as in production, with the recipe of the page. */
interface BuiltFramework {
  readonly packages: Readonly<Record<string, string>>;
  /** Where the schema and its sessions are. */
  readonly folder: string;
  readonly files: Readonly<Record<string, string>>;
  readonly build: readonly [command: string, ...args: readonly string[]];
  /** What listens after that. */
  readonly server: string;
}

const sveltekit: BuiltFramework = {
  packages: {
    ...{ "@sveltejs/kit": "2", "@sveltejs/adapter-node": "5", "@sveltejs/vite-plugin-svelte": "7" },
    ...{ svelte: "5", vite: "8" },
  },
  folder: "src",
  files: {
    "svelte.config.js": `
      import adapter from "@sveltejs/adapter-node";
      export default { kit: { adapter: adapter() } };`,
    "vite.config.js": `
      import { sveltekit } from "@sveltejs/kit/vite";
      export default { plugins: [sveltekit()] };`,
    "src/app.html": "<head>%sveltekit.head%</head><body>%sveltekit.body%</body>",
    "src/hooks.server.ts": codeBlock(page, "hooks.server.ts"),
    "src/routes/+server.ts": `
      import { json } from "@sveltejs/kit";
      export const GET = ({ locals }) => json({ visits: (locals.session.visits += 1) });`,
    "src/routes/page/+page.server.ts": `
      export const load = ({ locals }) => ({ visits: (locals.session.visits += 1) });`,
    "src/routes/page/+page.svelte": "<script>let { data } = $props();</script><p>visits {data.visits}</p>",
    "src/routes/redirect/+server.ts": `
      import { redirect } from "@sveltejs/kit";
      export const GET = ({ locals, cookies }) => {
        locals.session.userId = 42;
        cookies.set("theme", "dark", { path: "/" });
        redirect(302, "/page");
      };`,
    "src/routes/broken/+server.ts": `
      export const GET = ({ locals }) => {
        locals.session.visits += 100;
        throw new Error("broken");
      };`,
  },
  build: ["node", "node_modules/vite/bin/vite.js", "build"],
  server: "build/index.js",
};

const reactRouter: BuiltFramework = {
  packages: {
    ...{ "react-router": "7", "@react-router/node": "7", "@react-router/dev": "7", vite: "7" },
    ...{ react: "19", "react-dom": "19", isbot: "5" },
  },
  folder: "app",
  files: {
    "react-router.config.ts": codeBlock(page, "react-router.config.ts"),
    "vite.config.js": `
      import { reactRouter } from "@react-router/dev/vite";
      export default { plugins: [reactRouter()] };`,
    "app/root.ts": `${codeBlock(page, "root.ts")}
      export { Outlet as default } from "react-router";`,
    "app/routes.ts": `
      import { index, route } from "@react-router/dev/routes";
      export default [
        index("visits.ts"), route("page", "page.ts"), route("redirect", "redirect.ts"), route("broken", "broken.ts"),
      ];`,
    "app/visits.ts": `
      import { sessionContext } from "./root.js";
      export const loader = ({ context }) => Response.json({ visits: (context.get(sessionContext).visits += 1) });`,
    "app/page.ts": `
      import { createElement } from "react";
      import { sessionContext } from "./root.js";
      export const loader = ({ context }) => ({ visits: (context.get(sessionContext).visits += 1) });
      export default ({ loaderData }) => createElement("p", null, \`visits \${loaderData.visits}\`);`,
    "app/redirect.ts": `
      import { redirect } from "react-router";
      import { sessionContext } from "./root.js";
      export const loader = ({ context }) => {
        context.get(sessionContext).userId = 42;
        throw redirect("/page", { headers: { "Set-Cookie": "theme=dark" } });
      };`,
    "app/broken.ts": `
      import { sessionContext } from "./root.js";
      export const loader = ({ context }) => {
        context.get(sessionContext).visits += 100;
        throw new Error("broken");
      };`,
    "server.js": `
      import { createServer } from "node:http";
      import { createRequestListener } from "@react-router/node";
      import * as build from "./build/server/index.js";
      const { PORT } = process.env;
      createServer(createRequestListener({ build })).listen(PORT, () => console.log("listening"));`,
  },
  build: ["node", "node_modules/@react-router/dev/bin.js", "build"],
  server: "server.js",
};

const projects: InstalledProject[] = [];
afterAll(() => {
  for (const project of projects) project[Symbol.dispose]();
});

async function build(name: string, framework: BuiltFramework): Promise<InstalledProject> {
  const { packages, folder, files } = framework;
  const project = createProject({ packages: ["zod"] });
  projects.push(project);
  linkPackages(project, installOnDemand(name, packages), Object.keys(packages));
  // What the build looks for, to know where it runs.
  const dependencies = { ...packages, zod: "*" };
  project.write("package.json", JSON.stringify({ name: "shop", type: "module", dependencies }));
  for (const file of ["session.schema.ts", "sessions.ts"])
    project.write(`${folder}/${file}`, codeBlock(page, file));
  for (const [file, text] of Object.entries(files)) project.write(file, text);
  expect(await project.run("session-gen", "--schema", `${folder}/session.schema.ts`)).toMatchObject({
    code: 0,
  });
  const built = await project.run(...framework.build);
  expect(built, built.output).toMatchObject({ code: 0 });
  return project;
}

if (isNightly) {
  test.each([
    ["sveltekit", sveltekit],
    ["react-router", reactRouter],
  ])(
    "%s, built and served, keeps a session by the recipe",
    async (name, framework) => {
      const project = await build(name, framework);
      await using app = await startApp(project, framework.server);
      const jar: CookieJar = new Map();
      expect(await app.send("GET", "/", jar)).toEqual({ visits: 1 });
      expect(await app.send("GET", "/", jar)).toEqual({ visits: 2 });
      const visit = (path: string): Promise<Response> => {
        const cookie = [...jar].map(([key, value]) => `${key}=${value}`).join("; ");
        return fetch(`${app.url}${path}`, { headers: { cookie }, redirect: "manual" });
      };
      const shown = await visit("/page");
      expect(await shown.text()).toContain("visits 3");
      expect(shown.headers.get("vary")).toContain("Cookie");
      expect(shown.headers.get("cache-control")).toContain("private");
      const broken = await visit("/broken");
      expect([broken.status, broken.headers.getSetCookie()]).toEqual([500, []]);
      const redirect = await visit("/redirect");
      const cookies = redirect.headers.getSetCookie().map((line) => line.split(/[=;]/).slice(0, 2));
      expect([redirect.status, redirect.headers.get("location")]).toEqual([302, "/page"]);
      expect(cookies.map(([key]) => key)).toEqual(["theme", "__Host-session"]);
      // Signed in, under another key; what the broken one did is not there.
      expect(cookies.at(-1)?.[1]).not.toBe(jar.get("__Host-session"));
      jar.set("__Host-session", cookies.at(-1)?.[1] ?? "");
      expect(await app.send("GET", "/", jar)).toEqual({ visits: 4 });
    },
    600_000,
  );
}

test("the recipes that are built are on the page", () => {
  expect(sveltekit.files["src/hooks.server.ts"]).toContain("fromCookie");
  expect(reactRouter.files["app/root.ts"]).toContain("fromCookie");
});
