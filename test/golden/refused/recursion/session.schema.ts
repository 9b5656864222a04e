import { defineSession } from "session-gen";
import { z } from "zod";

const node = z.object({
  name: z.string(),
  get children() {
    return z.array(node);
  },
});

export default defineSession({
  shape: z.object({ tree: node.optional() }),
});
