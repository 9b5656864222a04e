import { memory } from "session-gen";
import { z } from "zod";
import { SLOTS } from "../suites/slots.js";

const slots = Object.fromEntries(
  Array.from({ length: SLOTS }, (_, slot) => [`slot${slot}`, z.int().optional()] as const),
);

/** The shape of the adapter suite's shop, and what a record of the backend suite is packed in. */
export const shopOptions = {
  shape: z.object({
    userId: z.int().optional(),
    theme: z.string().optional(),
    packed: z.instanceof(Uint8Array).optional(),
    visits: z.int().default(0),
    cart: z.array(z.object({ sku: z.string(), quantity: z.int() })).default([]),
    ...slots,
  }),
  backend: memory(),
};
