import { defineSession } from "session-gen";
import { z } from "zod";

function makeShape(): never {
  throw new RangeError("no shape today");
}

export default defineSession({ shape: z.object(makeShape()) });
