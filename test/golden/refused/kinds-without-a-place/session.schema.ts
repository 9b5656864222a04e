import { defineSession } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    any: z.any().optional(),
    unknown: z.unknown().optional(),
    never: z.never().optional(),
    nothing: z.undefined().optional(),
    nan: z.nan().optional(),
    map: z.map(z.string(), z.int()).optional(),
    words: z.set(z.string()).optional(),
    symbol: z.symbol().optional(),
    promise: z.promise(z.string()).optional(),
    file: z.file().optional(),
    url: z.instanceof(URL).optional(),
    json: z.json().optional(),
    lazy: z.lazy(() => z.string()).optional(),
    both: z.intersection(z.object({ a: z.string() }), z.object({ b: z.string() })).optional(),
    loose: z.looseObject({ a: z.string() }).optional(),
    bigLiteral: z.literal(3n).optional(),
    maybe: z.union([z.string(), z.undefined()]).optional(),
    keyed: z.record(z.int(), z.string()).optional(),
  }),
});
