import { backendPlaces } from "../model/backend-places.js";
import type { Settings, Text } from "../model/model.js";
import { currentText } from "../stores/current-text.js";
import { keyTexts } from "./key-check.js";

/** Replaces every secret of a schema's settings in a text: keys, and the credentials of urls, however they came there. */
export function createRedaction(settings: Settings): (text: string) => string {
  const secrets = [...keyTexts(settings), ...urlsOf(settings).flatMap(credentialsIn)]
    .filter((secret) => secret.length > 0)
    .sort((one, other) => other.length - one.length);
  return (text) => secrets.reduce((shown, secret) => shown.replaceAll(secret, "…"), text);
}

function urlsOf({ backend }: Settings): readonly string[] {
  const texts = backendPlaces(backend).flatMap(({ backend: part }): readonly (Text | undefined)[] => {
    if (part.backend === "database") return [part.url];
    return part.backend === "redis"
      ? [part.url, ...(part.sentinels?.hosts ?? []), ...(part.cluster ?? [])]
      : [];
  });
  return texts.flatMap((text) => (text === undefined ? [] : (currentText(text) ?? [])));
}

/** The password of a url, as it is written and as it is meant, and what stands before the host. */
function credentialsIn(url: string): readonly string[] {
  return [...authorityIn(url), ...queryIn(url)];
}

/** Drivers take a password among the parameters too. */
function queryIn(url: string): readonly string[] {
  const [, query = ""] = /\?([^#]*)/.exec(url) ?? [];
  const secrets = [...query.matchAll(/(?:^|&)[^=&]*(?:pass|secret|token)[^=&]*=([^&]*)/gi)];
  return secrets.flatMap(([, secret = ""]) => [secret, decoded(secret)]);
}

function authorityIn(url: string): readonly string[] {
  const [, credentials = ""] = /^[a-z][a-z0-9+.-]*:\/\/([^/]*)@/i.exec(url) ?? [];
  const password = credentials.slice(credentials.indexOf(":") + 1);
  if (!credentials.includes(":") || password === "") return [];
  return [credentials, password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
