// pino-roll has no types. These are the options used here.
declare module 'pino-roll' {
  import type { SonicBoom, SonicBoomOpts } from 'sonic-boom';

  interface RollOptions extends Omit<SonicBoomOpts, 'dest' | 'fd'> {
    readonly file: string;
    /** e.g. `5m`. */
    readonly size?: string;
    /** The number of old files to keep. `removeOtherLogFiles`: files of earlier runs count, too. */
    readonly limit?: { readonly count: number; readonly removeOtherLogFiles?: boolean };
  }

  function roll(options: RollOptions): Promise<SonicBoom>;
  export = roll;
}
