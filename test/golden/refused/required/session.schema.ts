import { defineSession } from "session-gen";

const { z } = require("zod");

export default defineSession({ shape: z.object({ userId: z.int().optional() }) });
