/** Saves one record after the other, for ever, and says each revision once it is acknowledged: `write-until-killed.ts FILE ID`. */
import { openBackend } from "./open-sqlite.js";
import { say } from "./say.js";

const [file = "", id = ""] = process.argv.slice(2);
const backend = openBackend(file);

for (let current = await backend.load(id); current !== null; ) {
  const revision: number = current.revision + 1;
  const saved = {
    ...current,
    data: new TextEncoder().encode(String(revision)),
    revision,
    writeId: `w${revision}`,
  };
  if (!(await backend.save(saved))) throw new Error("somebody else wrote");
  say(String(revision));
  current = saved;
}
