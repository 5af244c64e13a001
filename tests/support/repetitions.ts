// How often the tests that repeat themselves do so, and with which seed. `npm test` takes every case once or a few times;
// `npm run test:long` (MUSTER_TEST_LONG=1) takes them many times.

export interface Repetitions {
  /** In `npm test`. */
  readonly few: number;
  /** In `npm run test:long`. */
  readonly many: number;
}

export const isLong = process.env['MUSTER_TEST_LONG'] === '1';

/** `override`: the environment variable that sets the number, whichever command runs. */
export const repetitions = ({ few, many }: Repetitions, override: string): number => Number(process.env[override] ?? (isLong ? many : few));

/** The seed of the fault tests: MUSTER_FAULT_SEED repeats a run. Tests name the seed in their title. */
export const faultSeed = (): number => Number(process.env['MUSTER_FAULT_SEED'] ?? Math.floor(Math.random() * 1e9));
