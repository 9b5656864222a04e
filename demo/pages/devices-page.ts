import { isHandheld } from "../device-label.js";
import { type Html, html } from "../html.js";
import { formatTime, type View } from "../view.js";
import { icons } from "./icons.js";
import { layout } from "./layout.js";

/** One of a person's sessions, as the page shows it. */
export interface DeviceRow {
  readonly handle: string;
  readonly isThis: boolean;
  /** Empty when the device does not say what it is. */
  readonly label: string;
  readonly signedInAt: Date;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly visits: number;
}

/** Where somebody is signed in, and how to end that. */
export function devicesPage(view: View, devices: readonly DeviceRow[]): Html {
  const { texts, name } = view;
  const others = html`<form method="post" action="/devices/sign-out-others"><button class="button">${texts.signOutOthers}</button></form>`;
  return layout(
    view,
    texts.devices,
    html`<div class="heading"><h1>${texts.devices}</h1>
<p>${texts.devicesIntro(name ?? "")}</p></div>
<ul class="rows">${devices.map((device) => deviceRow(view, device))}</ul>
${devices.length === 1 && html`<p class="hint">${texts.onlyThis}</p>`}
<div class="actions">
${devices.length > 1 && others}
<form method="post" action="/sign-out-everywhere"><button class="button danger">${texts.signOutEverywhere}</button></form>
<p class="hint">${texts.everywhereHint}</p>
</div>`,
  );
}

/** This device alone, where the others cannot be found; it says why. */
export function onlyDevicePage(view: View, device: DeviceRow): Html {
  const { texts } = view;
  return layout(
    view,
    texts.devices,
    html`<div class="heading"><h1>${texts.devices}</h1></div>
<ul class="rows">${deviceRow(view, device)}</ul>
<p class="hint">${texts.othersUnknown}</p>`,
  );
}

function deviceRow(view: View, { handle, isThis, label, signedInAt, expiresAt, visits }: DeviceRow): Html {
  const { texts } = view;
  const name = label === "" ? texts.unknownDevice : label;
  const signOut = isThis
    ? html`<form method="post" action="/sign-out"><button class="button soft">${texts.signOut}</button></form>`
    : html`<form method="post" action="/devices/sign-out"><button class="button soft" name="handle" value="${handle}" aria-label="${texts.signOutDevice(name)}">${texts.signOut}</button></form>`;
  return html`<li class="row device" data-this="${isThis ? "yes" : "no"}">
<div class="thumb">${isHandheld(label) ? icons.phone : icons.laptop}</div>
<div class="what"><h2>${name}${isThis && html` <span class="count">${texts.thisDevice}</span>`}</h2>
<p>${texts.signedIn} ${time(view, signedInAt.getTime())}<br>${texts.staysUntil} ${time(view, expiresAt)}${visits > 0 && html`<br>${texts.visits(visits)}`}</p></div>
${signOut}
</li>`;
}

function time(view: View, epochMilliseconds: number): Html {
  return html`<time datetime="${new Date(epochMilliseconds).toISOString()}">${formatTime(epochMilliseconds, view)}</time>`;
}
