import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  const type = types[dialectOf(db)];
  await db.schema
    .createTable("sessions")
    .addColumn("id", type.key, (column) => column.primaryKey().notNull())
    .addColumn("tenant", type.key)
    .addColumn("revision", type.integer, (column) => column.notNull())
    .addColumn("write_id", type.text, (column) => column.notNull())
    .addColumn("created_at", type.integer, (column) => column.notNull())
    .addColumn("expires_at", type.integer, (column) => column.notNull())
    .addColumn("header", type.text, (column) => column.notNull())
    .addColumn("text", type.text)
    .addColumn("bytes", type.bytes)
    .addColumn("user", type.integer)
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
    .createIndex("sessions_user")
    .on("sessions")
    .columns(["user", "id"])
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("sessions").execute();
}

/** The types of each database. A key is compared byte by byte. */
const types = {
  sqlite: {
    key: sql`text`,
    text: sql`text`,
    integer: sql`integer`,
    real: sql`real`,
    boolean: sql`integer`,
    bytes: sql`blob`,
  },
  postgres: {
    key: sql`text collate "C"`,
    text: sql`text`,
    integer: sql`bigint`,
    real: sql`double precision`,
    boolean: sql`boolean`,
    bytes: sql`bytea`,
  },
  mysql: {
    key: sql`varbinary(1024)`,
    text: sql`longtext character set utf8mb4 collate utf8mb4_bin`,
    integer: sql`bigint`,
    real: sql`double`,
    boolean: sql`boolean`,
    bytes: sql`longblob`,
  },
};

/** Tells the database by how it writes a name and a parameter. */
function dialectOf(db: Kysely<unknown>): keyof typeof types {
  const written = sql`${sql.ref("name")} ${1}`.compile(db).sql;
  if (written.includes("$1")) return "postgres";
  return written.startsWith('"') ? "sqlite" : "mysql";
}
