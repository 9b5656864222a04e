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
    .addColumn("class", "text")
    .addColumn("u540du524d", "text")
    .addColumn("odd_name", "text")
    .addColumn("odd_name_", "integer")
    .addColumn("id_", "integer")
    .addColumn("tenant_", "text")
    .execute();
  await db.schema
    .createIndex("sessions_tenant")
    .on("sessions")
    .columns(["tenant", "id"])
    .execute();
  await db.schema
    .createIndex("sessions_expires_at")
    .on("sessions")
    .column("expires_at")
    .execute();
  await db.schema
    .createIndex("sessions_class")
    .on("sessions")
    .columns(["class", "id"])
    .execute();
  await db.schema
    .createIndex("sessions_u540du524d")
    .on("sessions")
    .columns(["u540du524d", "id"])
    .execute();
  await db.schema
    .createIndex("sessions_odd_name")
    .on("sessions")
    .columns(["odd_name", "id"])
    .execute();
  await db.schema
    .createIndex("sessions_odd_name_")
    .on("sessions")
    .columns(["odd_name_", "id"])
    .execute();
  await db.schema
    .createIndex("sessions_id_")
    .on("sessions")
    .columns(["id_", "id"])
    .execute();
  await db.schema
    .createIndex("sessions_tenant_")
    .on("sessions")
    .columns(["tenant_", "id"])
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("sessions").execute();
}
