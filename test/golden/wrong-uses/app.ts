// Each marked line is a mistake that people make; what TypeScript says of it is in app.ts.txt.
import { expressSession } from "@session-gen/runtime/express";
import express from "express";
import { createSessions, type SessionData } from "../../../generated/index.js";
import { createSessions as createSealed } from "../generated/cookie/expected/generated/index.js";

const sessions = createSessions();
const session = sessions.create();
const sealed = createSealed();
const app = express();

session.userId = 42; // wrong
session.userID = "ada"; // wrong
session.theme = "drak"; // wrong
session.visits = undefined; // wrong
session.set("userID", "ada"); // wrong
session.set("visits", "1"); // wrong
session.update({ visits: "1" }); // wrong
session.update({ visit: 1 }); // wrong
session.cart.push({ sku: "leaf" }); // wrong
session.setExpiry("1h"); // wrong
session.key = "mine"; // wrong
delete session.visits; // wrong
export const userId: string = session.userId; // wrong
export const data: SessionData = {}; // wrong

sessions.create({ user: "ada" }); // wrong
sessions.find({ theme: "dark" }); // wrong
sessions.find({ userId: 42 }); // wrong
sessions.find({}); // wrong
sessions.find({ userId: undefined }); // wrong
sessions.revoke({ userid: "ada" }); // wrong
sessions.revoke({ userId: "ada" }, { except: "handle" }); // wrong
sessions.forTenant("acme"); // wrong
sealed.revoke({ handle: "handle" }); // wrong
sealed.delete("key"); // wrong

const loaded = await sessions.load("key");
loaded.visits += 1; // wrong

createSessions({ clok: () => 0 }); // wrong
createSessions({ clock: () => new Date() }); // wrong
createSessions({ backend: {} }); // wrong
createSessions({ cookie: { sameSite: "Lax" } }); // wrong
app.use(expressSession(createSessions)); // wrong
app.get("/", (req) => void req.session.userid); // wrong
