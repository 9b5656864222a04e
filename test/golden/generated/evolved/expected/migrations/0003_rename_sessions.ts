import { type Kysely } from "kysely";

// Until this step has run, the generated code uses the table under its former name, and changes over by itself.

/** Code from before this step does not work after it: `session-gen migrate up` leaves it out without --contract. */
export const contract = true;

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("sessions").renameTo("accounts").execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("accounts").renameTo("sessions").execute();
}
