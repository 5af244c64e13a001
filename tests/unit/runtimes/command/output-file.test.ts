// Attacks through the output file of a command. The program unpacks or converts what a submitter sent, so it may leave anything there.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commandSchema } from '../../../../src/main/runtimes/core/command/command-spec';
import { identityOf, readOutput } from '../../../../src/main/runtimes/command/read-output';
import { runCommand } from '../../../../src/main/runtimes/command/run-command';
import type { RunOutcome } from '../../../../src/main/runtimes/core/runtime-outcome';
import { systemClock } from '../../../../src/main/platform/clock';
import { silentLogger } from '../../../../src/main/platform/logger';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'muster-output-')));
  mkdirSync(path.join(root, 'model'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** Runs a shell script. Its first argument is the path of the output. */
function run(script: string): Promise<RunOutcome> {
  const command = commandSchema.parse({
    argv: ['/bin/sh', '-c', script, 'sh', '{output}'],
    input: { as: 'stdin' },
    output: { from: 'file', content_type: 'application/octet-stream' },
  });
  const context = { signal: new AbortController().signal, timeoutMs: 60_000, onChunk: () => undefined };
  const environment = { workDir: path.join(root, 'work'), clock: systemClock, logger: silentLogger, maxOutputBytes: 1000 };
  return runCommand({ command, realFolder: path.join(root, 'model') }, { kind: 'command', model_id: 'm', input: '' }, context, environment);
}

const failure = (code: string, details: object = {}) => ({ success: false, error: { code, details } });

describe.skipIf(process.platform === 'win32')('output file that is not a regular file of the job -> not read', () => {
  test.each([
    ['link to a file', 'ln -s /etc/hostname "$1"'],
    ['link to the environment of this program', 'ln -s /proc/self/environ "$1"'],
    ['link to a file in its own folder', 'echo x > "$TMPDIR/x"; ln -s x "$1"'],
    ['second name of a file elsewhere', 'echo secret > ROOT/secret; ln ROOT/secret "$1"'],
    ['pipe', 'mkfifo "$1"'],
    ['folder', 'mkdir "$1"'],
    [
      'own folder replaced by a link',
      `mv "$TMPDIR" ROOT/moved; mkdir ROOT/other; echo secret > ROOT/other/output; ln -s ROOT/other "$TMPDIR"`,
    ],
    ['own folder replaced by another one', `mv "$TMPDIR" ROOT/moved; mkdir "$TMPDIR"; echo x > "$TMPDIR/output"`],
  ])('%s', async (_title, text) => {
    expect(await run(text.replaceAll('ROOT', root))).toMatchObject(failure('output_missing', { reason: 'not_a_file', retryable: true }));
  });

  test('sparse file of 100 GB -> output_too_large', async () => {
    expect(await run('truncate -s 100G "$1"')).toMatchObject(failure('output_too_large', { limit_bytes: 1000 }));
  });

  test('device -> not read', async () => {
    expect(await readOutput('/dev/zero', await identityOf('/dev'), 1000)).toBe('not_a_file');
  });

  test.skipIf(process.platform !== 'linux')('file that is larger than it says -> read to the limit', async () => {
    const folder = `/proc/${String(process.pid)}`;
    expect((await stat(`${folder}/smaps`)).size).toBe(0);
    expect(await readOutput(`${folder}/smaps`, await identityOf(folder), 1000)).toBe('too_large');
  });
});
