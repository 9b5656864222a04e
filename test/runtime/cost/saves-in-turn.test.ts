import { createHook } from "node:async_hooks";
import { expect, test } from "vitest";
import { exampleData, openExample } from "../../../bench/http/example.js";
import { createDatabaseBackend } from "../../../runtime/backends/database.js";
import { sharedServer } from "../../servers/shared-server.js";

/** Timers are those of the call and of the connection: a pool that is asked each time sets one or two more. */
const ofSave = { postgres: { Timeout: 2, PROMISE: 16 }, mysql: { Timeout: 2, PROMISE: 17 } };

test.each(["postgres", "mysql"] as const)(
  "on %s, a save that follows another asks no pool for a connection, and makes no more timers and promises than it did",
  async (dialect) => {
    const table = `turn_${crypto.randomUUID().replaceAll("-", "")}`;
    const backend = createDatabaseBackend({ dialect, url: await sharedServer(dialect), table });
    await backend.createTable();
    const { sessions } = await openExample(backend, { count: 0 });
    const session = sessions.create(exampleData());
    const save = (): Promise<void> => {
      session.visits += 1;
      return session.save();
    };
    await session.ensureKey();
    await save();
    const made = { Timeout: 0, PROMISE: 0 };
    const hook = createHook({
      init: (_id, type) => {
        if (type === "Timeout" || type === "PROMISE") made[type] += 1;
      },
    }).enable();
    for (let count = 0; count < 10; count += 1) await save();
    hook.disable();
    await backend.close();
    const { Timeout, PROMISE } = ofSave[dialect];
    expect(made).toEqual({ Timeout: Timeout * 10, PROMISE: PROMISE * 10 });
  },
);
