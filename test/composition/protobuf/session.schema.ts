import { defineSession } from "session-gen";
import { shopOptions } from "../shop-options.js";

/** The shop of the adapter suite, for the codec that the generator makes of it. */
export default defineSession({ ...shopOptions, codec: "protobuf" });
