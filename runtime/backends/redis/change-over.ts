/** What ioredis does about an error: connects anew and sends the command again (2), or lets it fail (1); or only that (`false`). */
export type Reaction = 2 | 1 | false;

/** For so long commands are sent again: about as long as a request waits. In milliseconds, as the others. */
const resentFor = 1500;

/** How often at most, and at least for one of two, a new connection is tried after that. */
const between = 800;

/** When nobody has heard of a replica for so long, what is heard next is another change. */
const forgottenAfter = 5000;

/**
 * What to do about the errors of a client whose master may have become a replica: the next connection leads to the new one, once
 * that is known. As long as it is not, each command would be answered by the same error again and again, and all that came
 * meanwhile with it. So after a moment they fail at once, and a new connection is made now and then.
 */
export function createChangeOver(now: () => number = () => performance.now()): (error: Error) => Reaction {
  let [began, heard, next] = [0, Number.NEGATIVE_INFINITY, 0];
  return ({ message }) => {
    if (!message.startsWith("READONLY")) return false;
    const time = now();
    if (time - heard > forgottenAfter) began = time;
    heard = time;
    if (time - began < resentFor) return 2;
    if (time < next) return false;
    next = time + between * (0.5 + Math.random() / 2);
    return 1;
  };
}
