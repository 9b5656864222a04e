import { defineSession } from "session-gen";
import { z } from "zod";

export const session = defineSession({ shape: z.object({ userId: z.int().optional() }) });
