// The number of repetitions, and the seed, of tests that repeat their cases. `npm test` runs a case once or a few times,
// `npm run test:long` (MUSTER_TEST_LONG=1) many times.

export interface Repetitions {
  /** In `npm test`. */
  readonly few: number;
  /** In `npm run test:long`. */
  readonly many: number;
}

export const isLong = process.env['MUSTER_TEST_LONG'] === '1';

/** `override`: the environment variable that sets the number for any command. */
export const repetitions = ({ few, many }: Repetitions, override: string): number => Number(process.env[override] ?? (isLong ? many : few));

/** The seed of the fault tests: MUSTER_FAULT_SEED repeats a run. Tests name the seed in their title. */
export const faultSeed = (): number => Number(process.env['MUSTER_FAULT_SEED'] ?? Math.floor(Math.random() * 1e9));
