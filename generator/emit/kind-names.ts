/** Every name that is made from the kind's name. */
export interface KindNames {
  /** The property on a request: `adminSession`. */
  readonly property: string;
  /** The class: `AdminSession`. */
  readonly session: string;
  readonly data: string;
  readonly patch: string;
  readonly filter: string;
  /** The type of the opened sessions: `AdminSessions`. */
  readonly sessions: string;
  /** The factory: `createAdminSessions`. */
  readonly create: string;
  readonly options: string;
  /** The type of what `defineUpgrades` takes: `AdminSessionUpgrades`. */
  readonly upgrades: string;
  /** What the app's own backend can do: `AdminSessionAbilities`. */
  readonly abilities: string;
  /** The table, unless the schema names one: `admin_sessions`. */
  readonly table: string;
}

/** The names for a kind, `session` or `adminSession`. */
export function kindNames(name: string): KindNames {
  const session = name.charAt(0).toUpperCase() + name.slice(1);
  const sessions = plural(session);
  return {
    property: name,
    session,
    data: `${session}Data`,
    patch: `${session}Patch`,
    filter: `${session}Filter`,
    sessions,
    create: `create${sessions}`,
    options: `Create${sessions}Options`,
    upgrades: `${session}Upgrades`,
    abilities: `${session}Abilities`,
    table: plural(snakeCase(name)),
  };
}

/** `userId` as `user_id`: letters a to z, digits and underscores, whatever the name; other letters by their code point. */
export function snakeCase(name: string): string {
  const words = name
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1_$2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1_$2")
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/[^A-Za-z0-9_]/gu, (letter) => `u${letter.codePointAt(0)?.toString(16)}`)
    .toLowerCase();
  return /^\d/.test(words) ? `_${words}` : words;
}

function plural(name: string): string {
  return /(?:s|x|ch|sh)$/i.test(name) ? `${name}es` : `${name}s`;
}
