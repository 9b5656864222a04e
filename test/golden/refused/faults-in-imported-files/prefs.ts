import { z } from "zod";

export default z.object({ theme: z.string().default(() => "dark") }).default({ theme: "dark" });
