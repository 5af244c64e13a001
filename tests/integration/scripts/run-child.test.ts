// scripts/run-child.mjs: the program gets each signal exactly once, the script exits with the program's exit code, and stdout has only
// the output of the program.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { within } from '../../support/within';

const module = pathToFileURL(join(import.meta.dirname, '../../../scripts/run-child.mjs')).href;

/** Prints each signal it gets; exits with 42 when its stdin ends. */
const program = `
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => console.log(signal));
  process.stdin.resume().on('end', () => process.exit(42));
  console.log('ready');
`;

/** `prelude`: code that runs in the wrapper first. */
function startWrapped(code: string, prelude = ''): ChildProcess & { lines: string[] } {
  const wrapper = `
    ${prelude}
    const { runInPlace } = await import(${JSON.stringify(module)});
    process.exitCode = await runInPlace(process.execPath, ['--eval', ${JSON.stringify(code)}], { oneSignalMs: 60_000 });
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', wrapper], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const lines: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(...text.split('\n').filter((line) => line !== '')));
  return Object.assign(child, { lines });
}

async function untilLines(child: ChildProcess & { lines: string[] }, expected: readonly string[]): Promise<void> {
  while (!expected.every((line) => child.lines.includes(line)) && child.stdout !== null)
    await within(`the lines ${expected.join(', ')}`, once(child.stdout, 'data'));
}

describe.skipIf(process.platform === 'win32')('program run in place of the script', () => {
  test.each([
    ['SIGINT', 'SIGHUP'],
    ['SIGTERM', 'SIGHUP'],
    ['SIGHUP', 'SIGTERM'],
  ] as const)('%s -> delivered once, although the terminal and npm both send it', async (signal, marker) => {
    const child = startWrapped(program);
    await untilLines(child, ['ready']);
    if (child.pid === undefined) throw new Error('not started');
    process.kill(-child.pid, signal);
    await untilLines(child, [signal]);
    process.kill(child.pid, signal);
    // Signals keep their order: after this one, no second signal of the first kind can follow.
    process.kill(child.pid, marker);
    await untilLines(child, [marker]);
    child.stdin?.end();
    const [code] = (await within('the end of the wrapper', once(child, 'close'))) as [number];
    expect({ code, lines: child.lines }).toEqual({ code: 42, lines: ['ready', signal, marker] });
  });

  test('signal at once after the first output, wrapper slow -> delivered', async () => {
    // A busy computer stops the wrapper while it sets up the delivery of signals, and not the program.
    const slow = `
      const on = process.on;
      process.on = (...args) => {
        for (const end = performance.now() + 300; performance.now() < end; );
        return Reflect.apply(on, process, args);
      };`;
    const child = startWrapped(program, slow);
    await untilLines(child, ['ready']);
    child.kill('SIGHUP');
    await untilLines(child, ['SIGHUP']);
    child.stdin?.end();
    expect((await within('the end of the wrapper', once(child, 'close')))[0] as number).toBe(42);
  });

  test.each([
    ['process.exit(0)', 0],
    ['process.exit(6)', 6],
    ["process.kill(process.pid, 'SIGKILL')", 137],
  ])('%s -> exit code %i, empty stdout', async (code, exitCode) => {
    const child = startWrapped(code);
    child.stdin?.end();
    expect({ code: (await within('the end of the wrapper', once(child, 'close')))[0] as number, lines: child.lines }).toEqual({
      code: exitCode,
      lines: [],
    });
  });
});
