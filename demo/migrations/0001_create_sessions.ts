import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("sessions")
    .addColumn("id", "text", (column) => column.primaryKey().notNull())
    .addColumn("tenant", "text")
    .addColumn("revision", "integer", (column) => column.notNull())
    .addColumn("write_id", "text", (column) => column.notNull())
    .addColumn("created_at", "integer", (column) => column.notNull())
    .addColumn("expires_at", "integer", (column) => column.notNull())
    .addColumn("header", "text", (column) => column.notNull())
    .addColumn("text", "text")
    .addColumn("bytes", "blob")
    .addColumn("user_id", "text")
    .execute();
  await db.schema.createIndex("sessions_tenant").on("sessions").columns(["tenant", "id"]).execute();
  await db.schema.createIndex("sessions_expires_at").on("sessions").column("expires_at").execute();
  await db.schema.createIndex("sessions_user_id").on("sessions").columns(["user_id", "id"]).execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("sessions").execute();
}
