import { createAnalytics } from "./observability/analytics.js";
import { checkStatedKeys } from "./platform/crypto/key-ring.js";
import type { KeyTexts } from "./platform/crypto/key-text.js";
import { toMilliseconds } from "./platform/duration.js";
import { SessionError } from "./platform/errors.js";
import { mergeOptions } from "./platform/options.js";
import { createWarner } from "./platform/warner.js";
import { createFields } from "./record/fields.js";
import { createRecordFormat } from "./record/record-format.js";
import { withShownPaths } from "./record/shown-path.js";
import { createUpgrades } from "./record/upgrades.js";
import type { SessionContext } from "./session/context.js";
import { resolveExpiry } from "./session/expiry.js";
import { mergeRotation, resolveRotation } from "./session/rotation-policy.js";
import type { SessionKind, SessionsOptions, StoredSessionsOptions } from "./session-kind.js";
import { noTenant } from "./store/tenant.js";

/** Makes ready what a kind and the options say. Throws `SessionError` `"config"` for impossible ones. */
export function createContext<S>(kind: SessionKind<S>, options: StoredSessionsOptions): SessionContext {
  const fields = createFields(kind.shape, kind.merge, kind.redact);
  const checkWire = withShownPaths(kind.checkWire, kind.shape);
  const toStored = (name: string): string => fields.find(name)?.stored ?? name;
  const rotation = resolveRotation(
    mergeRotation(kind.rotation, options.rotation),
    kind.indexes ?? [],
    fields.all.map(({ name }) => name),
  );
  const warn = createWarner(options.logger);
  return {
    name: kind.name,
    tenant: noTenant,
    fields,
    indexes: (kind.indexes ?? []).map(toStored),
    indexHistory: {
      late: kind.lateIndexes ?? [],
      ended: kind.endedIndexes ?? [],
      keys: kind.indexKeys ?? {},
    },
    shapeHash: kind.shapeHash,
    format: createRecordFormat({
      kind: kind.name,
      shapeHash: kind.shapeHash,
      codec: kind.codec,
      formerCodecs: kind.formerCodecs ?? [],
      compression: kind.compression,
      encryption: kind.encryption && { keys: statedKeys(options.keys ?? kind.encryption.keys) },
    }),
    checkWire,
    upgrades: kind.upgrades && createUpgrades(kind.upgrades, fields, checkWire),
    onInvalid: kind.onInvalid ?? "reset",
    expiry: resolveExpiry(mergeOptions(kind.expiry, options.expiry)),
    rotation: { ...rotation, onChange: rotation.onChange.map(toStored) },
    patience: toMilliseconds(options.deadline ?? kind.deadline ?? "2s", "deadline"),
    clock: toWholeClock(options.clock),
    warn,
    analytics: createAnalytics(kind.name, options.sinks ?? [], warn),
  };
}

/** Whole milliseconds, which every store can keep: `performance` tells finer ones. Nothing is ever over at a time that is no number. */
function toWholeClock(clock: SessionsOptions["clock"]): () => number {
  if (clock === undefined) return Date.now;
  return () => {
    const now: unknown = clock();
    if (typeof now === "number" && Number.isFinite(now)) return Math.floor(now);
    throw new SessionError("config", "The option clock of createSessions must answer epoch milliseconds.");
  };
}

function statedKeys(keys: KeyTexts): KeyTexts {
  checkStatedKeys(keys, "encryption.keys");
  return keys;
}
