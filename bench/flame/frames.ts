import type { Profiler } from "node:inspector";
import { type Room, roomOf, rooms } from "./rooms.js";

/** What a process did while it worked, by V8's profiler. */
export interface Work {
  /** Percent of it by room. */
  readonly shares: Readonly<Record<Room, number>>;
  /** Each before those that it called, of which the longest comes first. */
  readonly frames: readonly Frame[];
}

/** A function, or all of a library, with all that it called: how far below the top, where, its name, percent of the whole. */
export type Frame = readonly [depth: number, room: Room, name: string, share: number];

/** A frame whose samples are being counted: those of its own, and those of what it called. */
interface Growing {
  readonly name: string;
  readonly room: Room | undefined;
  own: number;
  readonly parts: Map<string, Growing>;
}

type Node = Profiler.ProfileNode;

/** Room by room and, in the session's own code, function by function; frames of less than so many percent are left out. */
export function toWork({ nodes }: Profiler.Profile, least: number): Work {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const calledBy = ({ children = [] }: Node): readonly Node[] => children.flatMap((id) => byId.get(id) ?? []);
  const shares = { session: 0, driver: 0, framework: 0, collector: 0, native: 0 };
  const count = (node: Node, caller: Growing): void => {
    if (node.callFrame.functionName === "(idle)") return;
    const frame = enter(caller, node);
    frame.own += node.hitCount ?? 0;
    if (frame.room !== undefined) shares[frame.room] += node.hitCount ?? 0;
    for (const called of calledBy(node)) count(called, frame);
  };
  const whole: Growing = { name: "", room: undefined, own: 0, parts: new Map() };
  for (const node of nodes.slice(0, 1).flatMap(calledBy)) count(node, whole);
  const total = totalOf(whole);
  for (const [room, hits] of Object.entries(shares)) shares[room as Room] = (100 * hits) / total;
  return { shares, frames: toFrames(whole, total, least) };
}

/** Nothing of its own have functions without a name, and all those of a library together. */
function enter(caller: Growing, { callFrame: { functionName, url } }: Node): Growing {
  const room = roomOf(functionName, url, caller.room);
  if (room === caller.room && (room !== "session" || functionName === "" || url === "")) return caller;
  const name = room === "session" ? functionName || "a callback" : rooms[room];
  const found = caller.parts.get(name) ?? { name, room, own: 0, parts: new Map() };
  caller.parts.set(name, found);
  return found;
}

function totalOf({ own, parts }: Growing): number {
  return [...parts.values()].reduce((sum, part) => sum + totalOf(part), own);
}

function toFrames({ parts }: Growing, total: number, least: number, depth = 0): readonly Frame[] {
  const measured = [...parts.values()].map((part) => ({ part, share: (100 * totalOf(part)) / total }));
  return measured
    .filter(({ share }) => share >= least)
    .toSorted((one, other) => other.share - one.share)
    .flatMap(({ part, share }) => [
      [depth, part.room ?? "native", part.name, Number(share.toFixed(2))] as const,
      ...toFrames(part, total, least, depth + 1),
    ]);
}
