import { endProfile, startProfile } from "../profiler.js";
import { byHand } from "./by-hand.js";
import { expressStores } from "./express-stores.js";
import type { KeeperSource } from "./keeper.js";
import { mapByHand } from "./map-by-hand.js";
import { ourKeepers } from "./ours.js";

const keepers = { ...ourKeepers, ...byHand, ...mapByHand, ...expressStores };

/** The name of one of them. */
export type KeeperName = keyof typeof keepers;

/** What the parent asks for: some calls, so many of them at a time. */
export interface Task {
  readonly name: "load" | "save";
  readonly count: number;
  readonly concurrency: number;
  /** How many sessions are used in turn, spread evenly over those within reach; all of these when left out. */
  readonly inTurn?: number;
  readonly isProfiled?: boolean;
}

const [, , name = "", url = "", count = "1000", sample = "1000"] = process.argv;
const open: KeeperSource | undefined = Object.hasOwn(keepers, name) ? keepers[name as KeeperName] : undefined;
if (open === undefined) throw new Error(`There is no keeper ${name}.`);
// Also in the middle of filling: nobody waits for it any more.
process.once("disconnect", () => process.exit());
const keeper = await open(url);
await keeper.fill(Number(count), Number(sample));
const reach = Math.min(Number(count), Number(sample));

process.on("message", (task: Task) => void answer(task).then((told) => process.send?.(told)));
process.send?.("filled");

/** Microseconds of user and system time for a call, or what V8's profiler saw of them. */
async function answer({ isProfiled, ...task }: Task): Promise<unknown> {
  if (isProfiled === true) {
    await startProfile();
    await run(task);
    return endProfile();
  }
  const start = process.cpuUsage();
  await run(task);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / task.count;
}

/** Each caller takes sessions of its own in turn, so that no two write one at once. */
async function run({ name, count, concurrency, inTurn = reach }: Task): Promise<void> {
  const step = Math.floor(reach / inTurn);
  const caller = async (first: number): Promise<void> => {
    for (let index = first; index < count; index += concurrency) await keeper[name]((index % inTurn) * step);
  };
  await Promise.all(Array.from({ length: concurrency }, (_, first) => caller(first)));
}
