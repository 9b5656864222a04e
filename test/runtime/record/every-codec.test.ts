import { codecSuite } from "../../suites/codec.js";
import { everyCodec } from "../../suites/every-codec.js";

for (const [name, make] of everyCodec) codecSuite(name, make);
