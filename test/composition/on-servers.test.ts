import { composedSuite } from "./composed-suite.js";
import { keptCompositions } from "./compositions.js";

const places: ReadonlySet<string> = new Set(["Redis", "PostgreSQL", "MySQL"]);

keptCompositions.filter(({ place }) => places.has(place)).forEach(composedSuite);
