import { defineSession } from "session-gen";
import { z } from "zod";
import { known, missing as renamed } from "./parts.js";

export default defineSession({ shape: z.object({ known, renamed }) });
