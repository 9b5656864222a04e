import { defineSession, memory } from "session-gen";
import { z } from "zod";

export default defineSession({
  shape: z.object({
    /** A reserved word. */
    class: z.string().max(20).optional(),
    default: z.int().default(1),
    /** Ends *\/ early, and goes on: </script> ${x} `y`
     *
     *   @deprecated "quoted" \ back
     */
    名前: z.string().max(20).optional(),
    "odd-name": z.string().max(20).optional(),
    odd_name: z.int().optional(),
    "with spaces": z.array(z.object({ "in-side": z.string(), "</script>": z.boolean().optional() })).default([]),
    'quo"te': z.string().default('"; process.exit(1); "'),
    "back\\slash": z.string().default("\\"),
    "new\nline": z.string().default("\n\u2028\u2029"),
    "*/": z.enum(["*/", "</script>", '"', "'", "`${x}`", "\\"]).optional(),
    "a/b~c": z.record(z.string(), z.object({ "x/y": z.int().optional() })).optional(),
    "1digit": z.string().optional(),
    "🎈": z.literal("🎈").optional(),
    ID: z.int().optional(),
    tenant: z.string().max(10).optional(),
    ",schemaPath:": z.string().regex(/",keyword:"\/<\/script>/).optional(),
    ",rootData})": z.array(z.string()).optional(),
    app: z.array(z.string()).default([]),
    stored: z.array(z.string()).default([]),
  }),
  codec: "protobuf",
  backend: memory(),
});
