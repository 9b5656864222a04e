/**
 * What a session refuses to be: a bag. Its fields are accessors of its class, so an assignment to any other name,
 * or a `delete`, would pass in silence; both are caught here. A subclass's private fields are installed on the
 * proxy, so that methods work on it without a trap for reading.
 */
export class Guarded {
  constructor() {
    // biome-ignore lint/correctness/noConstructorReturn: the proxy has to stand in for the object from the start
    return new Proxy(this, guard);
  }
}

const guard: ProxyHandler<Guarded> = {
  defineProperty(target, name, descriptor) {
    // A field made enumerable, for what was written for plain objects.
    if (descriptor.get !== undefined && name in target)
      return Reflect.defineProperty(target, name, descriptor);
    throw new TypeError(
      `${target.constructor.name} has no field ${describe(name)}. Declare it in the shape of the schema.`,
    );
  },
  deleteProperty(target, name) {
    throw new TypeError(
      `Use session.delete(${describe(name)}) to remove a field of ${target.constructor.name}.`,
    );
  },
};

function describe(name: string | symbol): string {
  return typeof name === "symbol" ? String(name) : JSON.stringify(name);
}
