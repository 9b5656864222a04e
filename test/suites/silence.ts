/**
 * How long nothing may be heard of a test run, in milliseconds: longer than any test takes, so that none of their time
 * limits ends what is silent for longer. By night some have two hours.
 */
export const silence = { inEveryRun: 310_000, byNight: 7_300_000 } as const;
