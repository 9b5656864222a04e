import type { ProtobufReader } from "./protobuf-reader.js";
import type { ProtobufWriter } from "./protobuf-writer.js";

/** How the elements of a list or the values of a map are read and written. */
export interface Item {
  /** 0 is an integer, 1 eight bytes, 2 bytes with their length before them. */
  readonly wireType: 0 | 1 | 2;
  /** Those that can be read. */
  readonly wireTypes: readonly number[];
  /** Whether nulls among them keep the rules of the shape; they are told beside the elements. */
  readonly isNullable?: true;
  /** Whether it writes null itself. */
  readonly isNull?: true;
  read(reader: ProtobufReader, wireType: number): unknown;
  /** As the methods of the writer; what it wrote before it gave `false` does not count. */
  write(writer: ProtobufWriter, tag: number, value: unknown): boolean;
}

/** How the entries of a map are written. */
export interface Entries {
  readonly value: Item;
  readonly isKey: ((key: string) => boolean) | undefined;
}
