import { defineSession, memory } from "session-gen";
import { z } from "zod";
import { page } from "./parts.js";

/** Not a field's comment. */
const address = z.object({
  /** Where to ring. */
  street: z.string(),
  // Not a doc comment.
  city: z.string(),
});

const base = {
  /** From a spread object. */
  spread: z.string().optional(),
};

const shape = z
  .object({
    /** One line. */
    one: z.string().optional(),
    /**
     * Several lines,
     *   indented,
     *
     * - with a list
     * @deprecated and a tag
     */
    several: z.string().optional(),
    /** Too early. */
    /** Right before it counts. */
    last: z.string().default("x"),
    address: address.optional(),
    list: z.array(address).default([]),
    union: z
      .discriminatedUnion("type", [
        z.object({
          type: z.literal("a"),
          /** Of a. */
          value: z.int(),
        }),
        z.object({
          type: z.literal("b"),
          /** Of b. */
          value: z.int(),
        }),
      ])
      .optional(),
    /** Quoted. */
    "odd-name": z.string().optional(),
    page: page.optional(),
    // biome-ignore format: comments on the line of the brace and of the comma are what is tested
    close: z.object({ /** By the brace. */ a: z.string(), /** By the comma. */ b: z.string(), /** Of none. */
      c: z.string() }).optional(),
    ...base,
  })
  .extend({
    /** From extend. */
    extended: z.string().optional(),
  });

const session = defineSession({ shape, backend: memory({ maxSessions: 10 }) });

export default session;
