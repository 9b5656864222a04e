import type { SessionBackend, SessionRecord } from "../../runtime/types/backend.js";

/** The time of every copy's clock. */
export const now = Date.now();

/** A live record, with content that tells its revision. */
export function recordOf(id: string, changes: Partial<SessionRecord> = {}): SessionRecord {
  const revision = changes.revision ?? 1;
  return {
    id,
    tenant: null,
    header: "1;json;-;-;3f0c9a",
    data: new TextEncoder().encode(`{"revision":${revision},"é":"${id}"}`),
    revision,
    writeId: `w-${id}-${revision}`,
    createdAt: now - 1000,
    expiresAt: now + 3_600_000,
    indexed: { userId: 42 },
    ...changes,
  };
}

/** Brings a record that is stored to a revision, one save at a time. */
export async function raise(
  backend: SessionBackend,
  id: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  for (let revision = from + 1; revision <= to; revision++) {
    if (!(await backend.save(recordOf(id, { revision })))) throw new Error(`${id} is not at ${revision - 1}`);
  }
}

/** Everything a backend holds, by id, in plain values. */
export async function contentOf(backend: SessionBackend): Promise<Readonly<Record<string, unknown>>> {
  const page = await backend.abilities.scan?.scan({ limit: 1_000_000 });
  return Object.fromEntries(
    (page?.records ?? []).map((record) => [
      record.id,
      { ...record, data: new TextDecoder().decode(record.data) },
    ]),
  );
}
