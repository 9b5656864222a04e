/**
 * Goes on with what `run` gives: in the same turn when it is there already, so that nothing waits in vain.
 * `failed` hears of a failure of `run`, and, when that was a promise, of one of `done`; it must not fail itself.
 */
export function settle<Value>(
  run: () => Value | Promise<Value>,
  done: (value: Value) => void,
  failed: (error: unknown) => void,
): void {
  let value: Value | Promise<Value>;
  try {
    value = run();
  } catch (error) {
    failed(error);
    return;
  }
  if (isPromise(value)) void value.then((given) => attempt(done, given, failed), failed);
  else done(value);
}

function attempt<Value>(done: (value: Value) => void, value: Value, failed: (error: unknown) => void): void {
  try {
    done(value);
  } catch (error) {
    failed(error);
  }
}

/** By its method: to tell of what class a session is, which is a proxy, takes ten times as long. No session has a `then`. */
function isPromise<Value>(value: Value | Promise<Value>): value is Promise<Value> {
  return typeof value === "object" && value !== null && "then" in value;
}
