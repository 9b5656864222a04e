import { createShop } from "./app.js";
import { serveFront } from "./serve.js";

await serveFront({ name: "The shop", port: 3000, create: createShop });
