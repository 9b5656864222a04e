import { afterListening } from "./built-ins.js";

/** A timer that is later than this, in milliseconds, was kept waiting by something else that the process did. */
const noticeableDelay = 100;

/** How much of such a delay is given back at most, in milliseconds. */
const longestGrace = 250;

/**
 * Calls `onOver` when an answer has been waited for so many milliseconds; the function given stops that. A process that was
 * busy with something else meanwhile meets its timers before the answers that have arrived: these are heard first, and where
 * the timer is late by far, what has to be asked in several steps is given some of that time back.
 */
export function startTimeout(milliseconds: number, onOver: () => void): () => void {
  const end = performance.now() + milliseconds;
  let isStopped = false;
  const over = (): void => {
    if (!isStopped) onOver();
  };
  const listenOnce = (): void => afterListening(over);
  let timer = setTimeout(() => {
    const delay = performance.now() - end;
    if (delay < noticeableDelay) listenOnce();
    else timer = setTimeout(listenOnce, Math.min(delay, longestGrace));
  }, milliseconds);
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
