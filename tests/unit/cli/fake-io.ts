// Input and output of a command for tests. The output is collected.
import { Readable } from 'node:stream';
import type { CliIo } from '../../../src/main/cli/command';

export interface FakeIo extends CliIo {
  readonly written: { out: string; err: string };
}

/** `piped`: standard input. */
export function fakeIo(env: Record<string, string> = {}, piped = ''): FakeIo {
  const written = { out: '', err: '' };
  return {
    written,
    env,
    in: Readable.from(piped === '' ? [] : [Buffer.from(piped)]) as AsyncIterable<Uint8Array>,
    out: (text) => {
      written.out += text;
    },
    err: (text) => {
      written.err += text;
    },
    outIsTerminal: false,
    errIsTerminal: false,
    rendererDir: '/nowhere/renderer',
    probeProgram: '/nowhere/hardware-probe.js',
    serviceManager: null,
  };
}
