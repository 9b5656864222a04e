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

/** Sessions of the schema test/golden/generated/bincode, in the Rust types that its `codec.ts` shows. */
export const sessions = {
  empty: "0000000000000000000000000000000000000000000000000000000000",
  full: "01024348010100145ac3bc726963686265726773747261c39f6520310111ff7fffffffffffffffffffffffffffffff010400ff80fb01090101fd00608f144403000003000101000102008001020002fdfeffffffffff3f00fdfdffffffffff3f000101040361626301080204736964650501ff0474797065040673717561726501015f0101010341626301010101000103010100010100fd000000000100000001017002000000000000e03f000000000000008001000000000000d03f01020161000000000000f03f016200000000000004c001fd01000000010000000100010104f09f9880010100019a9999999999b9bf0102017802c39f0108f09f9880f09f988001010201fbfb0001080105246461746502fd00608f1444030000",
  nulls:
    "0000000001000001000108020672616469757303000000000000e03f04747970650406636972636c65000100000100010001020000000000010001000101010000000000010001fc0000010001080106242464617465040178",
} as const;
