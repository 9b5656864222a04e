import { writeFile } from "node:fs/promises";
import { knownViolationsFile, listViolations } from "./import-directions.js";

const violations = await listViolations();
await writeFile(knownViolationsFile, violations.map((line) => `${line}\n`).join(""));
