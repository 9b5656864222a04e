import { memory } from "session-gen";
import { z } from "zod";

// @ts-expect-error: this is the mistake.
export default defineSession({ shape: z.object({ userId: z.int().optional() }), backend: memory() });
