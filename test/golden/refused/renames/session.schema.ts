import { defineSession } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({ userId: z.int().optional(), name: z.string().optional(), cart: z.array(z.string()).default([]) }),
  renamed: {
    userID: "id",
    name: "name",
    cart: "userId",
    id: "userId",
    userId: "uid",
    "first-name": "name",
  },
  upgrade: "session.upgrade",
});
