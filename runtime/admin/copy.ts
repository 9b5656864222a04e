import { withDeadline } from "../backends/deadline.js";
import { toMilliseconds } from "../platform/duration.js";
import { SessionError } from "../platform/errors.js";
import { convertedSource, type RecordConversion } from "./copy/convert-record.js";
import { createMemoryLedger } from "./copy/copy-ledger.js";
import type { CopyOptions, CopyReport } from "./copy/copy-options.js";
import { copyPass, type PassResult } from "./copy/copy-pass.js";
import { type CopyRun, createRun } from "./copy/copy-run.js";
import { canBeScanned, verifyCopy } from "./copy/verify-copy.js";

/**
 * Copies the live sessions of one backend to another as they are, or converted to another format: bytes, header, revision, write id, creation,
 * expiry and indexed values. What is newer at the target stays.
 *
 * The source may be in use meanwhile: it is walked over again until a walk finds nothing to do, and what has ended
 * there is ended at the target. For the switch itself: copy, stop the app, copy again, and start the app on the
 * target. The target should not be in use before: a session that was logged out there would come back.
 *
 * Rejects with `SessionError`: `"unsupported"` when the source cannot be walked over, else as a backend fails;
 * after that it can be called again with the last `after` of `onProgress` and the same ledger.
 */
export async function copySessions(options: CopyOptions): Promise<CopyReport> {
  const run = await toRun(options);
  const { pass, result, isSettled } = await repeatPasses(run, options);
  const { sessions, newer, expired, isStopped, stoppedAfter } = result;
  const verified = options.verify && !isStopped ? await verifyCopy(run, pass) : undefined;
  const end = isSettled ? "complete" : "changing";
  return {
    outcome: isStopped || (options.verify && run.isStopped()) ? "stopped" : run.isDry ? "planned" : end,
    passes: pass,
    sessions,
    newer,
    expired,
    ...run.counts,
    ...(run.conversion && { unreadable: run.conversion.unreadable.size }),
    ...(verified && { verified }),
    ...(stoppedAfter !== undefined && pass === 1 && { after: stoppedAfter }),
  };
}

interface LastPass {
  readonly pass: number;
  readonly result: PassResult;
  readonly isSettled: boolean;
}

/** A pass that began in the middle has not seen all, so another one follows. */
async function repeatPasses(run: CopyRun, { after, passes = 10 }: CopyOptions): Promise<LastPass> {
  for (let pass = 1; ; pass++) {
    const start = pass === 1 ? after : undefined;
    const result = await copyPass(run, pass, start);
    const isSettled = result.work === 0 && start === undefined;
    if (isSettled || result.isStopped || run.isDry || pass >= passes) return { pass, result, isSettled };
  }
}

async function toRun(options: CopyOptions): Promise<CopyRun> {
  const { from, to, ledger = createMemoryLedger(), batchSize = 500, passes = 10, deadline = "10s" } = options;
  assertCount("batchSize", batchSize);
  assertCount("passes", passes);
  const milliseconds = toMilliseconds(deadline, "deadline");
  const source = withDeadline(from, milliseconds);
  if (!canBeScanned(source))
    throw new SessionError(
      "unsupported",
      "The source of a copy must be able to walk over its records, and this backend cannot.",
    );
  const conversion = options.convert && (await readyConversion(options.convert));
  return createRun(options, {
    from: conversion === undefined ? source : convertedSource(source, conversion),
    to: withDeadline(to, milliseconds),
    ledger,
    batchSize,
    conversion,
  });
}

async function readyConversion({ from, to }: NonNullable<CopyOptions["convert"]>): Promise<RecordConversion> {
  const conversion = { from: from.recordContext, to: to.recordContext, unreadable: new Set<string>() };
  await Promise.all([conversion.from.format.ready(), conversion.to.format.ready()]);
  return conversion;
}

function assertCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new SessionError("invalid", `${name} must be a whole number of at least 1.`);
}
