import { writeSlot } from "../request-slot.js";

/** Node 20 and 22; Bun names a V8 that it does not have. */
const isSlowAfterNewPrototype =
  Number.parseInt(process.versions.v8 ?? "", 10) < 13 && process.versions["bun"] === undefined;

const deleted = Symbol("deleted");

/**
 * Has V8 keep the properties of a request and a response of Express as dictionaries, as it does once one was deleted. Express gives each another
 * prototype; until version 13, V8 then makes a hidden class of its own for each object with every property that is added,
 * and no access to one finds what was learnt from another.
 */
export function useDictionaryMode(request: object, response: object): void {
  if (!isSlowAfterNewPrototype) return;
  for (const object of [request, response]) {
    writeSlot(object, deleted, undefined);
    Reflect.deleteProperty(object, deleted);
  }
}
