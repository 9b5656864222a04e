import type { TenancyModel } from "../model/model.js";
import { type Option, readMembers } from "./option.js";
import { readBoolean, readChoice, readCount, readPlainText } from "./read-value.js";
import { stated } from "./stated.js";
import { wordThatDecides } from "./word.js";

const placeholder = "{tenantId}";

/** How tenants are kept apart; `undefined` when they are not. `backend` is where their sessions are. */
export function readTenancy(option: Option, backend: Option): TenancyModel | undefined {
  const members = readMembers(option, ["prefix", "maxSessions", "onLimit", "strict"]);
  if (!members || option.value === undefined) return undefined;
  const { prefix, maxSessions, onLimit, strict } = members;
  if (maxSessions.value !== undefined) refuseUncounted(maxSessions, backend);
  if (onLimit.value !== undefined && maxSessions.value === undefined) {
    onLimit.refuse("it says what a limit does, and there is none: give `maxSessions` too");
  }
  return stated({
    prefix: readPrefix(prefix),
    maxSessions: readCount(maxSessions),
    onLimit: readChoice(onLimit, ["refuse", "oldest"]),
    strict: readBoolean(strict),
  });
}

function readPrefix(option: Option): string | undefined {
  const prefix = readPlainText(option);
  if (prefix === undefined) return undefined;
  const parts = prefix.split(placeholder);
  if (parts.length === 1) {
    option.refuse("it must hold `{tenantId}`, or tenants would share their sessions");
  } else if (parts.length > 2) {
    option.refuse("it must hold `{tenantId}` only once");
  } else if (!/^[A-Za-z0-9:._/|-]{0,200}$/.test(parts.join(""))) {
    option.refuse(
      "beside `{tenantId}` it may hold letters, digits and `: . _ - / |`, at most 200: what is nothing special to any store",
    );
  }
  return prefix;
}

/** Where clients carry the sessions, or the place cannot count in one step with creating, more than the limit would come in. */
function refuseUncounted(option: Option, backend: Option): void {
  const word = wordThatDecides(backend);
  if (word === undefined || !uncounted.has(word.name)) return;
  const where = word.path === "backend" ? "" : ` as the ${word.path}`;
  option.refuse(
    `\`${word.name}()\`${where} cannot count the sessions of a tenant; leave it out, or name a store that can`,
  );
}

const uncounted: ReadonlySet<string> = new Set(["cache", "custom", "cookie", "jwt"]);
