import { expect, test } from "vitest";
import { open } from "../fixture/open.js";

test("a proxy of somebody else's shows the session behind it, or none: never another one", () => {
  const { sessions } = open();
  const [ann, bob] = [sessions.create(), sessions.create()];
  ann.name = "Ann";
  bob.name = "Bob";
  const kept: (string | symbol)[] = [];
  const curious = new Proxy(ann, {
    has(target, name) {
      kept.push(name);
      return name in target;
    },
  });
  expect(curious.get("name")).toBe("Ann");
  const yesMan = new Proxy(bob, { has: () => true });
  for (const name of kept) expect(name in ann).toBe(true);
  expect(() => yesMan.get("name")).toThrow("This is no session.");
  expect(bob.get("name")).toBe("Bob");
});
