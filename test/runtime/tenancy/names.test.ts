import { hash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resolveTenancy, type Tenant } from "../../../runtime/store/tenant.js";
import { toId } from "../../../runtime/token/session-key.js";
import { isNightly, patience } from "../../suites/faults/scale.js";
import { hostileTenants } from "../../suites/tenant-shop.js";

const { tenantOf } = resolveTenancy({});
const nameOf = (tenantId: string): string => tenantOf(tenantId).name ?? "";

/** The id of the tenant that a name that is no hash stands for. */
function decode(name: string): string {
  return name.replace(/==([0-9a-f]{4})|=([0-9a-f]{2})/g, (_, four?: string, two?: string) =>
    String.fromCharCode(Number.parseInt(four ?? two ?? "", 16)),
  );
}

/** What a record of the tenant and key is stored under. */
function idOf(tenant: Tenant, key: string): string {
  return toId({ name: "session", tenant }, key);
}

describe("the name of a tenant", () => {
  it.each([
    ["acme", "acme"],
    ["0b7c-4_2", "0b7c-4_2"],
    ["Acme", "=41cme"],
    ["a:session:b", "a=3asession=3ab"],
    ["é\u0430", "=e9==0430"],
    ["\ud800", "==d800"],
    ["=41", "=3d41"],
    ["x".repeat(100), "x".repeat(100)],
    ["x".repeat(101), `=x${hash("sha256", JSON.stringify("x".repeat(101)), "hex")}`],
  ])("of %j is %j", (tenantId, name) => expect(nameOf(tenantId)).toBe(name));

  it("is another for each of the hostile ids, also where upper and lower case are one, and in every form of Unicode", () => {
    const forms = (name: string) => [name.toUpperCase(), name.normalize("NFKC"), name.trim()].join();
    const names = hostileTenants.map(nameOf);
    expect(new Set(names.map(forms)).size).toBe(new Set(hostileTenants).size);
    for (const name of names) expect(name).toMatch(/^[a-z0-9_=-]{1,100}$/);
  });

  it("tells the id, unless it is a hash, which no other name looks like", { timeout: patience }, () => {
    const text = fc.string({ unit: "binary", minLength: 1, maxLength: 120 });
    const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 40 });
    const halves = units.map((codes) => String.fromCharCode(...codes));
    fc.assert(
      fc.property(fc.oneof(text, halves, fc.constantFrom(...hostileTenants)), (tenantId) => {
        const name = nameOf(tenantId);
        expect(name).toMatch(/^[a-z0-9_=-]{1,100}$/);
        if (name.startsWith("=x")) expect(name).toHaveLength(66);
        else expect(decode(name)).toBe(tenantId);
      }),
      { numRuns: isNightly ? 1_000_000 : 3_000 },
    );
  });
});

/** Separators, escapes, patterns, paths, case, look-alikes, nothing, and what is in the prefix. */
const letters = [..."aAb:=xm041*?[]{}/\\. -_", "\u0000", "\u0430", "é"];
const length = 6;

/** A text of so many letters for a number, another for each; of numbers in a row, texts from everywhere. */
function textOf(number: number): string {
  let text = "";
  const scattered = (number * 7_654_321) % letters.length ** length;
  for (let rest = scattered; text.length < length; rest = Math.floor(rest / letters.length)) {
    text += letters[rest % letters.length];
  }
  return text;
}

const pairs = isNightly ? 10_000_000 : 200_000;

it(
  `${pairs} pairs of tenants and keys of a hostile alphabet have as many ids, each of which tells its pair`,
  () => {
    expect(new Set(letters).size).toBe(letters.length);
    const found = new BigUint64Array(pairs);
    for (let pair = 0; pair < pairs; ) {
      const text = textOf(pair / (length - 1));
      // Every place at which one text falls into two: all these pairs are one when they are only put together.
      for (let end = 1; end < length && pair < pairs; end += 1, pair += 1) {
        const tenant = tenantOf(text.slice(0, end));
        const key = text.slice(end);
        const id = idOf(tenant, key);
        if (decode(id.slice("tenant:".length, -":session:".length - 43)) !== text.slice(0, end)) {
          throw new Error(`${JSON.stringify(id)} is not of ${JSON.stringify(text.slice(0, end))}`);
        }
        found[pair] = hash("sha256", id, "buffer").readBigUInt64BE();
      }
    }
    found.sort();
    let repeated = 0;
    for (let at = 1; at < pairs; at += 1) if (found[at] === found[at - 1]) repeated += 1;
    expect(repeated).toBe(0);
  },
  patience,
);
