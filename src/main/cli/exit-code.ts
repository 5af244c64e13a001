// What the program's exit says to scripts (api §3). Every end of a command is one of these; a second signal ends with 128 + its number.

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
  ok: 'done',
  failure: 'failed',
  usage: 'the command line is wrong',
  configInvalid: 'the configuration is invalid',
  noGpu: 'no usable GPU',
  unreachable: 'the scheduler cannot be reached',
  refused: 'the scheduler refused',
  timeout: 'it took too long',
};
