import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("web_sessions")
    .addColumn("id", "text", (column) => column.primaryKey().notNull())
    .addColumn("tenant", "text")
    .addColumn("revision", "integer", (column) => column.notNull())
    .addColumn("write_id", "text", (column) => column.notNull())
    .addColumn("created_at", "integer", (column) => column.notNull())
    .addColumn("expires_at", "integer", (column) => column.notNull())
    .addColumn("header", "text", (column) => column.notNull())
    .addColumn("text", "text")
    .addColumn("bytes", "blob")
    .addColumn("count", "integer")
    .addColumn("flag", "integer")
    .addColumn("since", "integer")
    .addColumn("level", "integer")
    .addColumn("theme", "text")
    .addColumn("ratio", "real")
    .execute();
  await db.schema
    .createIndex("web_sessions_tenant")
    .on("web_sessions")
    .columns(["tenant", "id"])
    .execute();
  await db.schema
    .createIndex("web_sessions_expires_at")
    .on("web_sessions")
    .column("expires_at")
    .execute();
  await db.schema
    .createIndex("web_sessions_count")
    .on("web_sessions")
    .columns(["count", "id"])
    .execute();
  await db.schema
    .createIndex("web_sessions_flag")
    .on("web_sessions")
    .columns(["flag", "id"])
    .execute();
  await db.schema
    .createIndex("web_sessions_since")
    .on("web_sessions")
    .columns(["since", "id"])
    .execute();
  await db.schema
    .createIndex("web_sessions_level")
    .on("web_sessions")
    .columns(["level", "id"])
    .execute();
  await db.schema
    .createIndex("web_sessions_theme")
    .on("web_sessions")
    .columns(["theme", "id"])
    .execute();
  await db.schema
    .createIndex("web_sessions_ratio")
    .on("web_sessions")
    .columns(["ratio", "id"])
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("web_sessions").execute();
}
