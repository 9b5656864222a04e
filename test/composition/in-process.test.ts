import { composedSuite } from "./composed-suite.js";
import { keptCompositions } from "./compositions.js";

const places: ReadonlySet<string> = new Set(["memory", "SQLite", "files", "Keyv"]);

keptCompositions.filter(({ place }) => places.has(place)).forEach(composedSuite);
