// The full-screen program in front, in a real X server with a window manager.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '../../src/main/platform/logger';
import { systemClock } from '../../src/main/platform/clock';
import { X11FullScreen } from '../../src/main/system-events/x11-full-screen';
import { requirePrograms, skipNote } from '../support/requirements';
import { until } from '../support/until';

const { missing } = requirePrograms('full screen', ['Xvfb', 'xprop', 'openbox', 'xmessage'], 'xvfb x11-utils openbox');
/** A busy machine starts openbox, with its theme and fonts, in more than the 5 s that other waits have. */
const START_MS = 30_000;
let programs: ChildProcess[];
let env: NodeJS.ProcessEnv;
let facts: unknown[];
let stop: () => void;

function run(file: string, ...args: readonly string[]): ChildProcess {
  const child = spawn(file, args, { env, stdio: 'ignore' });
  programs.push(child);
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null;
  child.kill();
  await ended;
}

const xprop = (...args: readonly string[]): string => spawnSync('xprop', args, { env, encoding: 'utf8' }).stdout;

describe.skipIf(missing !== undefined)(`full screen${skipNote({ missing })}`, () => {
  beforeEach(async () => {
    programs = [];
    facts = [];
    stop = () => undefined;
    // Else the display starts again when xprop is its only program and ends, and takes the window manager with it.
    const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '640x480x24', '-noreset'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    programs.push(server);
    const [display] = (await once(server.stdio[3] as NodeJS.ReadableStream, 'data')) as [Buffer];
    env = { ...process.env, DISPLAY: `:${display.toString('utf8').trim()}` };
    run('openbox', '--sm-disable');
    await until('the window manager', () => /window id/.test(xprop('-root', '_NET_SUPPORTING_WM_CHECK')), START_MS);
    stop = new X11FullScreen({ clock: systemClock, logger: silentLogger, env }).watch((fact) => facts.push(fact));
  });
  afterEach(async () => {
    stop();
    for (const child of programs.toReversed()) await end(child);
  });

  const isName = (value: string | null): boolean => JSON.stringify(facts.at(-1)) === JSON.stringify({ known: true, value });
  const nameIs = (value: string | null) => until(`the program ${String(value)}`, () => isName(value), START_MS);

  /** The window in front, when it is not `before`. */
  const nextWindow = (before: string) =>
    until(
      `a window in front, not ${before}`,
      () => {
        const id = /# (0x[0-9a-f]+)/.exec(xprop('-root', '_NET_ACTIVE_WINDOW'))?.[1] ?? '0x0';
        return id === '0x0' || id === before ? null : id;
      },
      START_MS,
    );
  /** Sets the state again until the program is known: `xprop -spy` misses a change between its first reading and its wait for events. */
  const nameAfter = (id: string, state: string, value: string | null) =>
    until(`the program ${String(value)} after ${state}`, () => {
      xprop('-id', id, '-f', '_NET_WM_STATE', '32a', '-set', '_NET_WM_STATE', state);
      return isName(value);
    });

  test('window in front is in full screen, and closes -> the name of its program, then none', async () => {
    await nameIs(null);
    const game = run('xmessage', 'a game');
    const id = await nextWindow('');
    await nameAfter(id, '_NET_WM_STATE_FULLSCREEN', 'Xmessage');
    await nameAfter(id, '_NET_WM_STATE_ABOVE', null);
    await nameAfter(id, '_NET_WM_STATE_FULLSCREEN', 'Xmessage');
    const other = run('xmessage', 'another window');
    await nextWindow(id);
    await nameIs(null);
    await end(other);
    await nameIs('Xmessage');
    await end(game);
    await nameIs(null);
  });
});

test('full screen: no display -> not supported, and no program is started', () => {
  const seen: unknown[] = [];
  new X11FullScreen({ clock: systemClock, logger: silentLogger, env: { PATH: '' } }).watch((fact) => seen.push(fact))();
  expect(seen).toEqual([{ known: false, reason: 'not_supported' }]);
});
