import type { FormatCode } from "./format-code.js";
import { addMessageOf } from "./protobuf-message.js";

/** The protobuf wire format: a function that reads and one that writes for each message of `session.proto`. */
export const protobufCode: FormatCode = {
  name: "protobuf",
  functions: [
    ..."addExtras anyItem bigintItem booleanItem dataItem dateItem entriesOf enumeration integerItem".split(
      " ",
    ),
    ..."isLonger isPlainEmail isShorter listItem literalItem memberOf messageFields messageItem nullableItem".split(
      " ",
    ),
    ..."numberItem readExtra recordItem setMember stringItem toMembers toTuple tupleItem".split(" "),
  ],
  types: ["Extras", "Members", "ProtobufReader", "ProtobufWriter"],
  about: "How records of these sessions are written: the fields as `session.proto` describes them.",
  addSession: (code, session) => addMessageOf(code, session, true),
};
