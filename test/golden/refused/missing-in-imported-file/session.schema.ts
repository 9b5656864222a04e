import { defineSession } from "session-gen";
import { z } from "zod";
import { cart } from "./parts.js";

export default defineSession({ shape: z.object({ cart }) });
