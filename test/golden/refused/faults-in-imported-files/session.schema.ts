import { defineSession } from "session-gen";
import { z } from "zod";
import { address as home, userId } from "./parts.js";
import prefs from "./prefs.js";

export default defineSession({
  shape: z.object({ userId, home: home.optional(), prefs }),
  redact: ["hom"],
});
