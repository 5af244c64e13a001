import { expect, test } from 'vitest';
import { parseDesktopFlags } from '../../../src/main/desktop/desktop-flags';

test.each([
  ['no flags', ['electron', '.'], { dataDir: null, configFile: null, simulateGpu: null, background: false }],
  [
    'every flag with a value',
    ['electron', '--no-sandbox', '.', '--data-dir', '/d', '--config', 'c.toml', '--simulate-gpu', 'RTX 4090:24'],
    { dataDir: '/d', configFile: 'c.toml', simulateGpu: 'RTX 4090:24', background: false },
  ],
  [
    'flags with an equals sign',
    ['muster', '--data-dir=/d', '--simulate-gpu=RTX 4090:24'],
    { dataDir: '/d', configFile: null, simulateGpu: 'RTX 4090:24', background: false },
  ],
  [
    'a flag twice -> the last one',
    ['muster', '--data-dir', '/a', '--data-dir=/b'],
    { dataDir: '/b', configFile: null, simulateGpu: null, background: false },
  ],
  ['a flag without a value', ['muster', '--data-dir'], { dataDir: null, configFile: null, simulateGpu: null, background: false }],
  ['start in the tray', ['muster', '--background'], { dataDir: null, configFile: null, simulateGpu: null, background: true }],
  [
    'start in the tray after a join link -> not read',
    ['muster', 'muster://lab/join', '--background'],
    { dataDir: null, configFile: null, simulateGpu: null, background: false },
  ],
  ['an empty value', ['muster', '--config='], { dataDir: null, configFile: null, simulateGpu: null, background: false }],
  [
    'flags after a join link -> not read',
    ['muster', '--data-dir', '/d', 'muster://lab/join', '--config', '/evil.toml'],
    { dataDir: '/d', configFile: null, simulateGpu: null, background: false },
  ],
  [
    'flags of Chromium -> ignored',
    ['muster', '--inspect=0', '--remote-debugging-port=0', '--disable-gpu'],
    { dataDir: null, configFile: null, simulateGpu: null, background: false },
  ],
])('%s', (_title, argv, flags) => {
  expect(parseDesktopFlags(argv)).toEqual(flags);
});
