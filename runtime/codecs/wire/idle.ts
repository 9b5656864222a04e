/** Does its work for one record after the other. */
interface Worker<Start extends readonly unknown[]> {
  begin(...start: Start): void;
}

/**
 * Gives the worker of the last record to the next one, since making one takes longer than a field. One that is at work, or
 * has failed and so never ended, is given to nobody.
 */
export function idleOf<Start extends readonly unknown[], Idle extends Worker<Start>>(
  Made: new (...start: Start) => Idle,
): { begin(...start: Start): Idle; end(worker: Idle): void } {
  let idle: Idle | undefined;
  return {
    begin(...start) {
      const worker = idle;
      if (worker === undefined) return new Made(...start);
      idle = undefined;
      worker.begin(...start);
      return worker;
    },
    end(worker) {
      idle = worker;
    },
  };
}
