/** What `defineSession` gives the generator: the options as written, under a brand that the loader recognises. */
export interface SessionDefinition {
  readonly [definitionBrand]: true;
  /** The options exactly as the person wrote them; the generator's rules check them and fill in defaults. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Found by name, so that two copies of this package recognise each other's definitions. */
export const definitionBrand: unique symbol = Symbol.for("session-gen.definition") as never;

/** A value that is read from the environment at first use, never at build or import. */
export interface EnvReference {
  readonly env: string;
  readonly default?: string;
}

/** A string that stands in the schema, or `env("NAME")`. */
export type Text = string | EnvReference;

/** A backend word: its name and the options given to it, as plain data. */
export interface BackendWord<Name extends string = string, Options extends object = object> {
  readonly backend: Name;
  readonly options: Readonly<Options>;
}
