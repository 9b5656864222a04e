const lineWidth = 100;

/** JSON with what fits on one line on one line, so that a change is a line of a diff. Ends with a line end. */
export function printJson(value: unknown): string {
  return `${print(value, "", 0)}\n`;
}

function print(value: unknown, indent: string, column: number): string {
  const inline = printInline(value);
  if (typeof value !== "object" || value === null || indent.length + column + inline.length <= lineWidth) {
    return inline;
  }
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((item: unknown) => inner + print(item, inner, 0)).join(",\n")}\n${indent}]`;
  }
  const members = present(value).map(([name, member]) => {
    const label = `${JSON.stringify(name)}: `;
    return inner + label + print(member, inner, label.length);
  });
  return `{\n${members.join(",\n")}\n${indent}}`;
}

function printInline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printInline).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = present(value).map(([name, member]) => `${JSON.stringify(name)}: ${printInline(member)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

function present(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, member]) => member !== undefined);
}
