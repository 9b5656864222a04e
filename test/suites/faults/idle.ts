import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { startTcpProxy } from "../../servers/tcp-proxy.js";
import { startChild } from "./child.js";
import { createPlace } from "./place.js";
import { patience } from "./scale.js";
import type { ServerUnderFault } from "./server-under-fault.js";

/** Connections that break while nobody uses them, which is when drivers emit errors that nobody awaits. */
export function idleFaults({ name, place, start }: ServerUnderFault): void {
  test(
    `${name}: idle connections that are cut, refused or lost with the server do not end the process`,
    async () => {
      const server = await start();
      onTestFinished(() => server.stop());
      const backend = await createPlace(place, server.url);
      await backend.close?.();
      const proxy = await startTcpProxy(server.port);
      onTestFinished(() => proxy.close());
      const child = startChild("stay-idle.ts", [place, proxy.urlOf(server.url)]);
      await child.nextLine();
      const faults = [
        async () => proxy.cut(),
        async () => {
          await proxy.refuse(true);
          proxy.cut();
          await pause(400);
          await proxy.refuse(false);
        },
        () => server.restart(),
      ];
      for (const fault of faults) {
        await fault();
        await pause(100);
        child.say("still there?");
        expect(Number(await child.nextLine())).toBeLessThan(3000);
      }
      child.end();
      expect(await child.ended).toBe(0);
    },
    patience,
  );
}
