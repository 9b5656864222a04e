/** The settings of such a project, as a tsconfig.json has them. */
export const strictestOptions = {
  noEmit: true,
  target: "es2022",
  lib: ["es2023", "esnext.disposable"],
  types: ["node"],
  module: "nodenext",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noUnusedLocals: true,
  verbatimModuleSyntax: true,
  isolatedDeclarations: true,
  declaration: true,
  erasableSyntaxOnly: true,
};
const files = { include: ["*.ts", "generated", "migrations"], exclude: ["*.schema.ts"] };

/**
 * A tsconfig.json as strict as a user may have it; `skipLibCheck` is off, so that our declarations are checked too.
 * The schema file stays out: `isolatedDeclarations` asks for types on what a file exports, and it exports a call.
 */
export const strictConfig: string = JSON.stringify({ compilerOptions: strictestOptions, ...files });

/** The same for an app whose other libraries do not pass such a check: they want the DOM, or each other's older versions. */
export const strictAppConfig: string = JSON.stringify({
  compilerOptions: { ...strictestOptions, skipLibCheck: true },
  ...files,
});

/** The same for an app of Nest, whose compiler writes down the types of what is decorated. */
export const decoratorsConfig: string = JSON.stringify({
  compilerOptions: {
    ...strictestOptions,
    skipLibCheck: true,
    isolatedDeclarations: false,
    erasableSyntaxOnly: false,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
  },
  ...files,
});
