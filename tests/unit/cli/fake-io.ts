// A command line's surroundings for tests: what it writes is collected, its folders are its own.
import type { CliIo } from '../../../src/main/cli/command';

export interface FakeIo extends CliIo {
  readonly written: { out: string; err: string };
}

export function fakeIo(env: Record<string, string> = {}): FakeIo {
  const written = { out: '', err: '' };
  return {
    written,
    env,
    out: (text) => {
      written.out += text;
    },
    err: (text) => {
      written.err += text;
    },
    outIsTerminal: false,
    errIsTerminal: false,
    programDir: '/nowhere',
  };
}
