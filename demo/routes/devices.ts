import { Router } from "express";
import type { Session } from "../../generated/index.js";
import { formText } from "../forms.js";
import { type DeviceRow, devicesPage, onlyDevicePage } from "../pages/devices-page.js";
import type { UserSessions } from "../user-sessions.js";
import { toView } from "./to-view.js";

/**
 * "Your devices": the sessions of the signed-in user, to see and to end. Where they cannot be found (`null`), only that
 * of this device.
 */
export function deviceRoutes(userSessions: UserSessions | null): Router {
  const router = Router();

  router.get("/devices", async (request, response) => {
    const { session } = request;
    if (session.userId === undefined) return response.redirect(303, "/sign-in?next=/devices");
    const view = toView(request);
    if (userSessions === null) return response.send(onlyDevicePage(view, rowOf(session)).text);
    response.send(devicesPage(view, await devicesOf(userSessions, session, session.userId)).text);
  });

  router.post("/devices/sign-out", async (request, response) => {
    const { session } = request;
    const handle = formText(request.body, "handle");
    if (session.userId !== undefined && handle !== session.handle) {
      // With both in the filter, a handle that somebody copied from elsewhere ends nobody else's session.
      const ended = await userSessions?.revoke({ userId: session.userId, handle });
      if (ended !== undefined && ended > 0) session.notice = "device-out";
    }
    response.redirect(303, "/devices");
  });

  router.post("/devices/sign-out-others", async (request, response) => {
    const { session } = request;
    if (session.userId !== undefined && userSessions !== null) {
      await userSessions.revoke({ userId: session.userId }, { except: session });
      session.notice = "others-out";
    }
    response.redirect(303, "/devices");
  });

  return router;
}

/** This device first, then the latest to sign in. */
async function devicesOf(
  userSessions: UserSessions,
  current: Session,
  userId: string,
): Promise<readonly DeviceRow[]> {
  const devices: DeviceRow[] = [];
  for await (const { handle, createdAt, expiresAt, data } of userSessions.find({ userId })) {
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

/** This device, of which its own session tells. */
function rowOf({ handle, createdAt, expiresAt, device, signedInAt, visits }: Session): DeviceRow {
  return {
    handle: handle ?? "",
    isThis: true,
    label: device ?? "",
    signedInAt: signedInAt ?? new Date(createdAt),
    expiresAt,
    visits,
  };
}
