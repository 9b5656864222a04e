import { statfsSync } from "node:fs";
import { isNightly } from "./scale.js";
import { temporaryFolder } from "./temporary-folder.js";

/**
 * A folder for sessions that is removed when this test file ends. In full it is on the disk; else in memory where there
 * is room: what a killed process leaves is the same there, and no write has to wait.
 */
export function placeFolder(): string {
  return !isNightly && hasRoom(sharedMemory) ? temporaryFolder(sharedMemory) : temporaryFolder();
}

/** Files in memory, on Linux; small in most containers. */
const sharedMemory = "/dev/shm";
const roomBytes = 1024 ** 3;

function hasRoom(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize > roomBytes;
  } catch {
    return false;
  }
}
