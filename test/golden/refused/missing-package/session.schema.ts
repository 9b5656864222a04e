import { defineSession } from "session-gen";
import { Type } from "no-such-package";

export default defineSession({ shape: Type.Object({}) });
