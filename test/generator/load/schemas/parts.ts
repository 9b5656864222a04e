import { z } from "zod";

export const lastPage = z.string().max(2000).optional();
