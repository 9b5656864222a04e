import { describe, expect, it } from "vitest";
import { renderFaults } from "../../generator/schema-error.js";

const fault = { file: "/app/src/session.schema.ts", line: 2, column: 3, message: "userId: no" };
const readText = (): string => "first\n\tuserId: 1\r\n\nlast";

describe("renderFaults", () => {
  it("shows the place, the message and the lines around, with the caret under its column", () => {
    expect(renderFaults([fault], { cwd: "/app", readText })).toBe(
      [
        "src/session.schema.ts:2:3 userId: no",
        "",
        "  1 | first",
        "> 2 | \tuserId: 1",
        "    | \t ^",
        "  3 |",
      ].join("\n"),
    );
  });

  it("leaves out the frame of what cannot be read", () => {
    const options = { cwd: "/app/src/other", readText: () => undefined };
    expect(renderFaults([fault], options)).toBe("../session.schema.ts:2:3 userId: no");
    expect(renderFaults([{ ...fault, line: 9 }], { cwd: "/app", readText })).toBe(
      "src/session.schema.ts:9:3 userId: no",
    );
  });

  it("separates faults by a blank line and colours only when asked to", () => {
    const options = { cwd: "/app", readText: () => undefined };
    const plain = renderFaults([fault, { ...fault, line: 7 }], options);
    expect(plain).toBe("src/session.schema.ts:2:3 userId: no\n\nsrc/session.schema.ts:7:3 userId: no");
    const coloured = renderFaults([fault, { ...fault, line: 7 }], { ...options, colour: true });
    expect(coloured).not.toBe(plain);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
    expect(coloured.replaceAll(/\u001b\[\d+m/g, "")).toBe(plain);
  });
});
