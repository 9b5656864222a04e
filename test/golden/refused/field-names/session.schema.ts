import { defineSession } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    get: z.string().optional(),
    isNew: z.boolean().optional(),
    toString: z.string().optional(),
    then: z.string().optional(),
    _private: z.string().optional(),
    $internal: z.string().optional(),
    class: z.string().optional(),
    名前: z.string().optional(),
    "odd-name": z.string().optional(),
    "with spaces": z.string().optional(),
  }),
});
