// The autostart file: written for the user who asked, read back by GLib, and never in place of the file of another program.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AutostartFile } from '../../../src/main/desktop/login-item';
import { requireProgram, skipNote } from '../../support/requirements';
import { until } from '../../support/until';

const { missing, path: gio } = requireProgram('gio', 'libglib2.0-bin');

let folder: string;
let file: string;
let events: unknown[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-autostart-'));
  file = path.join(folder, 'autostart', 'app.muster.desktop.desktop');
  events = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const item = (command: readonly string[] = ['/opt/Muster/muster-desktop', '--background'], stateFolder = '/home/kai/.local/state/muster') =>
  new AutostartFile({
    folder: path.join(folder, 'autostart'),
    command,
    stateFolder,
    logger: { log: (_level, event) => events.push(event), isEnabled: () => true },
  });
const text = () => readFileSync(file, 'utf8');
const foreign = (content: string) => {
  mkdirSync(path.dirname(file));
  writeFileSync(file, content);
};

test('login item: on -> entry; off -> removed; off without an entry -> nothing', () => {
  item().apply(true, true);
  expect(text()).toContain('\nExec=/opt/Muster/muster-desktop --background\n');
  item().apply(false, true);
  expect(existsSync(file)).toBe(false);
  item().apply(false, false);
  expect(events).toEqual([]);
});

test('login item: program moved by an upgrade -> entry follows at the next start', () => {
  item().apply(true, true);
  item(['/opt/Muster 2/muster-desktop', '--background']).apply(true, false);
  expect(text()).toContain('\nExec="/opt/Muster 2/muster-desktop" --background\n');
});

test('login item: turned off in the settings of the desktop -> stays off until the user turns the setting on again', () => {
  item().apply(true, true);
  writeFileSync(file, text().replace('enabled=true', 'enabled=false'));
  item().apply(true, false);
  expect(text()).toContain('enabled=false');
  item().apply(true, true);
  expect(text()).toContain('enabled=true');
});

test.each([
  ['of another program', '[Desktop Entry]\nType=Application\nExec=/bin/other\n'],
  ['not a desktop file', '\0\xff'.repeat(100)],
  ['too large', 'x'.repeat(100_000)],
  ['of Muster with other data', '[Desktop Entry]\nX-Muster-State-Folder=/elsewhere\n'],
])('login item: file %s -> stays, one log line', (_title, content) => {
  foreign(content);
  item().apply(true, true);
  item().apply(false, false);
  expect(text()).toBe(content);
  expect(events).toEqual(['login_item_kept']);
});

test('login item: link to another file -> neither followed nor replaced', () => {
  const target = path.join(folder, 'target');
  writeFileSync(target, 'content');
  mkdirSync(path.dirname(file));
  symlinkSync(target, file);
  item().apply(true, true);
  item().apply(false, true);
  expect(readFileSync(target, 'utf8')).toBe('content');
  expect(events).toEqual(['login_item_kept', 'login_item_kept']);
});

test('login item: folder cannot be made, or a command that no entry can express -> log line, no exception', () => {
  writeFileSync(path.join(folder, 'autostart'), '');
  item().apply(true, true);
  expect(events).toEqual(['login_item_failed']);
  rmSync(path.join(folder, 'autostart'));
  // The specification permits no `=` in the name of a program.
  for (const program of ['/opt/a\nExec=/bin/evil', '', '/home/kai/a=b/Muster.AppImage']) {
    events = [];
    item([program, '--background']).apply(true, true);
    expect(events).toEqual(['login_item_failed']);
  }
  expect(existsSync(file)).toBe(false);
});

test.skipIf(missing)(
  `login item: odd characters in the command -> the desktop starts exactly these arguments${skipNote({ missing })}`,
  async () => {
    const output = path.join(folder, 'started');
    const program = path.join(folder, 'print "args" $HOME `x` 100%.mjs');
    writeFileSync(
      program,
      `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(output)}, JSON.stringify(process.argv.slice(2)));`,
    );
    const args = ['--data-dir', '/home/käi/my data', 'a"b', '$HOME', '`id`', '100%', '\\', ';', '&'];
    item([process.execPath, program, ...args]).apply(true, true);
    execFileSync(gio ?? '', ['launch', file], { env: { PATH: process.env['PATH'] ?? '' }, timeout: 20_000 });
    await until('the started program', () => existsSync(output) && readFileSync(output, 'utf8') !== '', 20_000);
    expect(JSON.parse(readFileSync(output, 'utf8'))).toEqual(args);
  },
);
