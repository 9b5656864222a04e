import { getRequestListener } from "@hono/node-server";
import { serveFront } from "../serve.js";
import { createCareDesk } from "./app.js";

const shop = process.env["SHOP_URL"] ?? "http://localhost:3000";

await serveFront({
  name: "The care desk",
  port: 3001,
  create: (sessions) => getRequestListener(createCareDesk(sessions, shop).fetch),
});
