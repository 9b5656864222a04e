/**
 * Values and their bytes in hexadecimal, written by the Rust crate bincode 1.3.3 with `DefaultOptions::new()`, whose
 * form is that of bincode 2's `config::standard()` (its migration guide: `legacy().with_variable_int_encoding()`), and
 * for bigints by num-bigint 0.4.6 (`to_signed_bytes_be`). The program is `oracle.rs` beside this file.
 */
type Vectors<Value> = readonly (readonly [value: Value, hex: string])[];

export const integers: Vectors<number> = [
  [0, "00"],
  [-1, "01"],
  [1, "02"],
  [124, "f8"],
  [125, "fa"],
  [-125, "f9"],
  [-126, "fbfb00"],
  [126, "fbfc00"],
  [127, "fbfe00"],
  [-128, "fbff00"],
  [32767, "fbfeff"],
  [-32768, "fbffff"],
  [32768, "fc00000100"],
  [-32769, "fc01000100"],
  [65535, "fcfeff0100"],
  [65536, "fc00000200"],
  [2147483647, "fcfeffffff"],
  [-2147483648, "fcffffffff"],
  [2147483648, "fd0000000001000000"],
  [-2147483649, "fd0100000001000000"],
  [4294967295, "fdfeffffff01000000"],
  [4294967296, "fd0000000002000000"],
  [1795468800000, "fd00608f1444030000"],
  [9007199254740991, "fdfeffffffffff3f00"],
  [-9007199254740991, "fdfdffffffffff3f00"],
];

export const lengths: Vectors<number> = [
  [0, "00"],
  [1, "01"],
  [250, "fa"],
  [251, "fbfb00"],
  [252, "fbfc00"],
  [65535, "fbffff"],
  [65536, "fc00000100"],
  [4294967295, "fcffffffff"],
  [4294967296, "fd0000000001000000"],
  [9007199254740991, "fdffffffffffff1f00"],
];

export const numbers: Vectors<number> = [
  [0, "0000000000000000"],
  [-0, "0000000000000080"],
  [1, "000000000000f03f"],
  [0.1, "9a9999999999b93f"],
  [-2.5, "00000000000004c0"],
  [5e-324, "0100000000000000"],
  [1.7976931348623157e308, "ffffffffffffef7f"],
];

export const texts: Vectors<string> = [
  ["", "00"],
  ["a", "0161"],
  ["ß", "02c39f"],
  ["😀", "04f09f9880"],
  ["\0", "0100"],
  ["a".repeat(251), `fbfb00${"61".repeat(251)}`],
];

export const bigints: Vectors<bigint> = [
  [0n, "0100"],
  [1n, "0101"],
  [-1n, "01ff"],
  [127n, "017f"],
  [128n, "020080"],
  [-128n, "0180"],
  [-129n, "02ff7f"],
  [255n, "0200ff"],
  [256n, "020100"],
  [9007199254740993n, "0720000000000001"],
  [18446744073709551616n, "09010000000000000000"],
  [-170141183460469231731687303715884105729n, "11ff7fffffffffffffffffffffffffffffff"],
];
