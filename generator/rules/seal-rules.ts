import type { CookieSealModel, JwtAlgorithm, JwtModel, StoreModel } from "../model/backend-model.js";
import type { Text } from "../model/model.js";
import { type Option, readMembers } from "./option.js";
import { readPlace, requireGiven, requireText } from "./place-text.js";
import { readChoice, readList, readText } from "./read-value.js";
import { refuseWeakSecret } from "./secret-text.js";
import { stated } from "./stated.js";

/** Reads a store inside another word; given, since stores may hold stores. `why` says what a seal cannot do there. */
export type ReadStore = (option: Option, why: string) => StoreModel | undefined;

/** The options of `cookie()`, checked. */
export function readCookieSeal(options: Option, readStore: ReadStore): CookieSealModel | undefined {
  const members = readMembers(options, ["keys", "revocation"]);
  if (!members) return undefined;
  requireText(members.keys);
  const keys = readSecrets(members.keys);
  const revocation = readRevocation(members.revocation, readStore);
  return keys === undefined ? undefined : { backend: "cookie", keys, ...stated({ revocation }) };
}

const algorithms: readonly JwtAlgorithm[] = [
  ...(["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] as const),
  ...(["ES256", "ES384", "ES512", "EdDSA"] as const),
];

/** The options of `jwt()`, checked. */
export function readJwt(options: Option, readStore: ReadStore): JwtModel | undefined {
  const members = readMembers(options, ["algorithm", "keys", "issuer", "audience", "jwks", "revocation"]);
  if (!members) return undefined;
  requireGiven(members.algorithm);
  requireText(members.keys);
  const algorithm = readChoice(members.algorithm, algorithms);
  const keys = algorithm?.startsWith("HS") ? readSecrets(members.keys) : readKeys(members.keys);
  const others = stated({
    issuer: readPlace(members.issuer),
    audience: readPlace(members.audience),
    jwks: readPlace(members.jwks),
    revocation: readRevocation(members.revocation, readStore),
  });
  if (others.jwks !== undefined && algorithm?.startsWith("HS")) {
    members.jwks.refuse(`"${algorithm}" has secret keys, which are not published; leave \`jwks\` out`);
  }
  if (algorithm === undefined || keys === undefined) return undefined;
  return { backend: "jwt", algorithm, keys, ...others };
}

/** One secret or several. One that stands in the schema is in the repository too, but tests want that. */
export function readSecrets(option: Option): Text | readonly Text[] | undefined {
  const secrets = Array.isArray(option.value) ? readList(option) : [option];
  for (const secret of secrets) refuseWeakSecret(secret);
  return readKeys(option);
}

/** One key or several, of any form. */
function readKeys(option: Option): Text | readonly Text[] | undefined {
  if (!Array.isArray(option.value)) return readText(option);
  const keys = readList(option);
  if (keys.length === 0) option.refuse("it must name at least one key");
  return keys.flatMap((key) => readText(key) ?? []);
}

function readRevocation(option: Option, readStore: ReadStore): StoreModel | undefined {
  if (option.value === undefined) return undefined;
  return readStore(option, "keeps nothing in which a logout could be looked up");
}
