/** A random number below this one. */
export type Draw = (below: number) => number;

/** Numbers that follow from a seed (mulberry32), so that a run can be repeated. */
export function seededDraw(seed: number): Draw {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Mutation = (token: string, draw: Draw, other: string) => string;

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const replaceAt = (token: string, at: number, text: string, length = 1): string =>
  token.slice(0, at) + text + token.slice(at + length);

/** Every byte that a header may carry to the app, but the semicolon, which ends a value. */
const headerByte = (draw: Draw): string => {
  const code = draw(2) === 0 ? 0x21 + draw(94) : 0x80 + draw(128);
  return code === 0x3b ? "~" : String.fromCharCode(code);
};

const mutations: readonly Mutation[] = [
  // One bit of what the text stands for, which is most of what a forger can do to a seal.
  (token, draw) => {
    const at = draw(token.length);
    const value = alphabet.indexOf(token[at] ?? "");
    return replaceAt(token, at, value < 0 ? "A" : (alphabet[value ^ (1 << draw(6))] ?? "A"));
  },
  // The last bits, which another spelling may leave out.
  (token, draw) => replaceAt(token, token.length - 1, alphabet[draw(64)] ?? "A"),
  (token, draw) => replaceAt(token, draw(token.length), headerByte(draw)),
  (token, draw) => replaceAt(token, draw(token.length + 1), headerByte(draw), 0),
  (token, draw) => replaceAt(token, draw(token.length), "", 1 + draw(4)),
  (token, draw) => token.slice(0, draw(token.length)),
  (token, draw) => token + (alphabet[draw(64)] ?? "A").repeat(1 + draw(4)),
  (token, draw) => token + ["=", "==", ".", "%00", "%3D", "\\", "\t.", "@"][draw(8)],
  (token, draw, other) => {
    const at = draw(Math.min(token.length, other.length));
    return token.slice(0, at) + other.slice(at);
  },
  (token, draw) => {
    const at = draw(token.length);
    return replaceAt(token, at, token.charAt(at).toUpperCase() === token[at] ? "a" : "A");
  },
  (token) => token.replaceAll("-", "+").replaceAll("_", "/"),
  (token) => [...token].reverse().join(""),
  (token) => encodeURIComponent(token).replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  (token) => Buffer.from(token).toString("base64url"),
  (token, draw) =>
    token
      .split(".")
      .sort(() => draw(3) - 1)
      .join("."),
  (_token, draw) => Array.from({ length: 43 }, () => alphabet[draw(64)]).join(""),
  (_token, draw) => Array.from({ length: draw(600) }, () => headerByte(draw)).join(""),
];

/** What a cookie's value is read as: without blanks, and without quotes around it. */
const asRead = (value: string): string => value.trim().replace(/^"(.*)"$/, "$1");

/** A token made of a valid one, or of two, that is neither of them. */
export function mutate(token: string, other: string, draw: Draw): string {
  for (;;) {
    const mutation = mutations[draw(mutations.length)];
    const mutated = mutation?.(token, draw, other) ?? "";
    if (asRead(mutated) !== token && asRead(mutated) !== other) return mutated;
  }
}
