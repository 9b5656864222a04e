import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  const type = types[dialectOf(db)];
  await db.schema.alterTable("sessions").addColumn("team", type.key).execute();
  await db.schema
    .createIndex("sessions_team")
    .on("sessions")
    .columns(["team", "id"])
    .execute();
  const value = {
    sqlite: sql`(select value from json_each("text", '$.fields') where key = ${sql.lit("team")})`,
    postgres: sql`("text"::json -> 'fields' ->> ${sql.lit("team")})::text`,
    mysql: sql`if(json_type(json_extract(text, ${sql.lit("$.fields.\"team\"")})) = 'NULL', null, json_unquote(json_extract(text, ${sql.lit("$.fields.\"team\"")})))`,
  }[dialectOf(db)];
  // No JSON of PostgreSQL's holds U+0000; a session that has one is indexed when it is next saved.
  const isReadable = {
    sqlite: sql`json_valid("text")`,
    postgres: sql`position(${sql.lit("\\u0000")} in "text") = 0`,
    mysql: sql`json_valid(text)`,
  }[dialectOf(db)];
  await sql`update ${sql.table("sessions")} set ${sql.ref("team")} = ${value} where ${isReadable}`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  if (dialectOf(db) === "mysql") {
    await sql`drop index ${sql.ref("sessions_team")} on ${sql.table("sessions")}`.execute(db);
  } else {
    await db.schema.dropIndex("sessions_team").execute();
  }
  await db.schema.alterTable("sessions").dropColumn("team").execute();
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
