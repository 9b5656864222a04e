import { composedSuite } from "./composed-suite.js";
import { keptCompositions } from "./compositions.js";

const places: ReadonlySet<string> = new Set(["Redis in front of PostgreSQL", "MySQL with a copy in files"]);

keptCompositions.filter(({ place }) => places.has(place)).forEach(composedSuite);
