/** How much each fault is repeated: a little in every run, in full with SESSION_TEST_SCALE=nightly. */
interface Scale {
  /** Logouts that other requests race. */
  readonly logouts: number;
  /** Those that other processes race. */
  readonly sharedLogouts: number;
  /** Rotations raced, and rotations that die between two steps. */
  readonly rotations: number;
  /** Deaths of the app. */
  readonly appKills: number;
  /** Deaths of the server. */
  readonly serverKills: number;
  readonly freezeMilliseconds: number;
  readonly expiredRows: number;
  readonly liveRows: number;
  /** Of each of 16 clients. */
  readonly increments: number;
}

const quick: Scale = {
  logouts: 300,
  sharedLogouts: 96,
  rotations: 100,
  appKills: 100,
  serverKills: 3,
  freezeMilliseconds: 2500,
  expiredRows: 8_000,
  liveRows: 800,
  increments: 12,
};

const nightly: Scale = {
  logouts: 10_000,
  sharedLogouts: 3_000,
  rotations: 1_000,
  appKills: 1_000,
  serverKills: 50,
  freezeMilliseconds: 20_000,
  expiredRows: 200_000,
  liveRows: 20_000,
  increments: 500,
};

export const isNightly: boolean = process.env["SESSION_TEST_SCALE"] === "nightly";

export const scale: Scale = isNightly ? nightly : quick;

/** How long a test of this size may take, in milliseconds. */
export const patience: number = isNightly ? 3_600_000 : 120_000;
