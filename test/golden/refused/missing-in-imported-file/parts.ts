import { z } from "zod";
import { Type } from "@no-such/package/inside";

export const cart = z.int().default(Type.one);
