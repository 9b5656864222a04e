import { type ImportExtension, siblingSpecifier } from "../emit/source-file.js";

/** What an app has to say to have sessions, as whole lines of it. */
export function frameworkLines(adapters: readonly string[], extension: ImportExtension): readonly string[] {
  const create = `import { createSessions } from "${siblingSpecifier("generated/index", extension)}";`;
  const known = adapters.flatMap((name) => (Object.hasOwn(lines, name) ? (lines[name] ?? []) : []));
  const [framework] = known;
  if (framework === undefined) return [create, "", "const sessions = createSessions();"];
  const { name, imports, use } = framework;
  return [
    `import { ${imports} } from "@session-gen/runtime/${name}";`,
    create,
    "",
    "const sessions = createSessions();",
    use,
  ];
}

interface FrameworkLines {
  readonly name: string;
  readonly imports: string;
  readonly use: string;
}

const lines: Readonly<Record<string, FrameworkLines>> = {
  express: {
    name: "express",
    imports: "expressSession",
    use: "app.use(expressSession(sessions)); // then, in a route: req.session.visits += 1",
  },
  fastify: {
    name: "fastify",
    imports: "fastifySession",
    use: "await fastify.register(fastifySession, { sessions }); // then, in a route: request.session.visits += 1",
  },
  hono: {
    name: "hono",
    imports: "honoSession",
    use: "app.use(honoSession(sessions)); // then, in a route: c.var.session.visits += 1",
  },
  koa: {
    name: "koa",
    imports: "koaSession",
    use: "app.use(koaSession(sessions)); // then: ctx.session.visits += 1",
  },
  nest: {
    name: "nest",
    imports: "SessionModule",
    use: "// in a module: imports: [SessionModule.forRoot({ sessions })]; then, for a parameter: @CurrentSession() session: Session",
  },
  next: {
    name: "next",
    imports: "getSession",
    use: "// then: const session = await getSession(sessions, await cookies()); session.visits += 1; await session.save();",
  },
};

/** The frameworks that `init` knows how to begin with, in the order in which it asks for them, by their packages. */
export const knownFrameworks: ReadonlyMap<string, string> = new Map(
  Object.keys(lines).map((name) => [name === "nest" ? "@nestjs/core" : name, name]),
);
