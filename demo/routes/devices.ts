import { Router } from "express";
import type { Session, Sessions } from "../../generated/index.js";
import { formText } from "../forms.js";
import { type DeviceRow, devicesPage } from "../pages/devices-page.js";
import { toView } from "../view.js";

/** "Your devices": the sessions of the signed-in user, to see and to end. */
export function deviceRoutes(sessions: Sessions): Router {
  const router = Router();

  router.get("/devices", async (request, response) => {
    const { session } = request;
    if (session.userId === undefined) return response.redirect(303, "/sign-in?next=/devices");
    const devices = await devicesOf(sessions, session, session.userId);
    response.send(devicesPage(toView(request), devices).text);
  });

  router.post("/devices/sign-out", async (request, response) => {
    const { session } = request;
    const handle = formText(request.body, "handle");
    if (session.userId !== undefined && handle !== session.handle) {
      // With both in the filter, a handle that somebody copied from elsewhere ends nobody else's session.
      const ended = await sessions.revoke({ userId: session.userId, handle });
      if (ended > 0) session.notice = "device-out";
    }
    response.redirect(303, "/devices");
  });

  router.post("/devices/sign-out-others", async (request, response) => {
    const { session } = request;
    if (session.userId !== undefined) {
      await sessions.revoke({ userId: session.userId }, { except: session });
      session.notice = "others-out";
    }
    response.redirect(303, "/devices");
  });

  return router;
}

/** This device first, then the latest to sign in. */
async function devicesOf(
  sessions: Sessions,
  current: Session,
  userId: string,
): Promise<readonly DeviceRow[]> {
  const devices: DeviceRow[] = [];
  for await (const { handle, createdAt, expiresAt, data } of sessions.find({ userId })) {
    devices.push({
      handle,
      isThis: handle === current.handle,
      label: data.device ?? "",
      signedInAt: data.signedInAt ?? new Date(createdAt),
      expiresAt,
      visits: data.visits,
    });
  }
  return devices.sort(
    (a, b) => Number(b.isThis) - Number(a.isThis) || b.signedInAt.getTime() - a.signedInAt.getTime(),
  );
}
