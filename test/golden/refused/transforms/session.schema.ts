import { defineSession } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    transformed: z.string().transform(Number).optional(),
    piped: z.string().pipe(z.string()).optional(),
    preprocessed: z.preprocess((value) => value, z.string()).optional(),
    codec: z.codec(z.string(), z.int(), { decode: Number, encode: String }).optional(),
    stringbool: z.stringbool().optional(),
    caught: z.string().catch("x"),
    prefaulted: z.string().prefault("x"),
  }),
});
