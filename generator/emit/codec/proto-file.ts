import { storedFields } from "../../model/stored-names.js";
import type { EmitInput } from "../emit-input.js";
import { snakeCase } from "../kind-names.js";
import { type EmittedFile, headerLine } from "../source-file.js";
import { sessionMessage } from "./message-part.js";
import { printMessage } from "./proto-message.js";

/** `session.proto`: what the protobuf codec writes, for programs in other languages. */
export function protoFile(input: EmitInput): EmittedFile {
  const { model, names, schemaFile, numbers } = input;
  const message = printMessage(sessionMessage(storedFields(model.fields), numbers), names.session, numbers);
  const used = message.join("\n");
  const parts = [
    introduction,
    'syntax = "proto3";',
    `package ${snakeCase(model.name)};`,
    ["// The fields of a session. A field that was never set is absent.", ...message].join("\n"),
    ...(/\bNullItems\b/.test(used) ? [nullItems] : []),
    ...(/\bAnyValue\b/.test(used) ? [anyValue] : []),
  ];
  return { path: "session.proto", content: `${headerLine(schemaFile)}//\n${parts.join("\n\n")}\n` };
}

const introduction = `// What proto3 cannot say stands beside a message's fields under the highest numbers:
//   null_fields (536870910): the numbers of the fields that are null, which is not the same as absent.
//   empty_fields (536870909): the numbers of the repeated fields and maps that are there, with nothing in them.
//   null_items (536870908): where repeated fields and maps hold null.
//   536870911: members that have no number here. Keep them, as every field that is not known.
// A date is epoch milliseconds. A bigint is two's complement, the highest byte first. A text is never absent by being
// empty, nor a number by being 0: every single field has presence.`;

const nullItems = `// Where a repeated field or a map holds null: those elements are left out of the field itself.
message NullItems {
  // The number of the field.
  int32 field = 1;
  // Of a repeated field: the places of the nulls in the whole list, ascending.
  repeated int32 positions = 2;
  // Of a map: the keys.
  repeated string keys = 3;
}`;

const anyValue = `// A value that says itself what it is.
message AnyValue {
  oneof value {
    // Always true.
    bool null = 1;
    string text = 2;
    double number = 3;
    int64 integer = 4;
    bool boolean = 5;
    bytes bytes = 6;
    bytes bigint = 7;
    AnyList list = 8;
    AnyMembers members = 9;
  }
}

message AnyList {
  repeated AnyValue items = 1;
}

message AnyMembers {
  map<string, AnyValue> members = 1;
}`;
