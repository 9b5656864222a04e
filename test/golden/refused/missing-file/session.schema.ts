import { defineSession } from "session-gen";
import { shape } from "./shape.js";

export default defineSession({ shape });
