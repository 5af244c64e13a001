// Exit codes for scripts (api §3). Every command exits with one of these. After a second signal the code is 128 + the signal's number.

export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  configInvalid: 3,
  noGpu: 4,
  unreachable: 5,
  refused: 6,
  timeout: 7,
} as const;

export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'success',
  failure: 'failure',
  usage: 'invalid command line',
  configInvalid: 'invalid configuration',
  noGpu: 'no usable GPU',
  unreachable: 'scheduler not reachable',
  refused: 'refused by the scheduler',
  timeout: 'timeout',
};
