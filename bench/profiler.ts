import { type Profiler, Session } from "node:inspector/promises";

const session = new Session();

/** Begins to look ten thousand times a second at what this process runs. */
export async function startProfile(): Promise<void> {
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 100 });
  await session.post("Profiler.start");
}

/** What was seen since then. */
export async function endProfile(): Promise<Profiler.Profile> {
  return (await session.post("Profiler.stop")).profile;
}
