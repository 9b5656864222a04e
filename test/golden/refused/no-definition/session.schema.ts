import { z } from "zod";

export default z.object({ userId: z.int().optional() });
