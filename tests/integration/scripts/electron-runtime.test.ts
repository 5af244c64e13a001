import type * as Fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { asksForStandIn, ensureElectron, findElectron, standInVersion } from '../../../scripts/electron-runtime.mjs';
import { SetupError } from '../../../scripts/paths.mjs';

const disk = vi.hoisted(() => ({ files: [] as string[] }));
const steps = vi.hoisted(() => ({ run: [] as string[] }));
vi.mock('node:fs', async (original) => ({
  ...(await original<typeof Fs>()),
  existsSync: (file: string) => disk.files.some((end) => file.endsWith(end)),
  readFileSync: () => 'electron\n',
}));
vi.mock('../../../scripts/run-child.mjs', () => ({
  runStep: (title: string) => {
    steps.run.push(title);
    return Promise.resolve();
  },
}));

const STAND_IN = `electron-${standInVersion}/electron`;
const OFFICIAL = ['node_modules/electron/path.txt', 'node_modules/electron/dist/electron'];

beforeEach(() => {
  disk.files = [];
  steps.run = [];
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

describe('Electron that runs the app', () => {
  test('GitHub blocked, stand-in installed by the tests -> none, with the reason', async () => {
    disk.files = [STAND_IN];
    vi.stubGlobal('fetch', () => Promise.reject(new Error('blocked')));
    const ensured = ensureElectron('node', { standIn: false });
    await expect(ensured).rejects.toThrow(SetupError);
    await expect(ensured).rejects.toThrow(/MUSTER_STAND_IN_ELECTRON=1/);
    expect(steps.run).toEqual([]);
  });

  test('stand-in asked for -> no request to GitHub', async () => {
    disk.files = [STAND_IN];
    const fetch = vi.fn();
    vi.stubGlobal('fetch', fetch);
    expect(await ensureElectron('node', { standIn: true })).toMatchObject({ kind: 'stand-in' });
    expect(fetch).not.toHaveBeenCalled();
  });

  test('official Electron installed -> it is used in both cases', () => {
    disk.files = [STAND_IN, ...OFFICIAL];
    expect([true, false].map((standIn) => findElectron({ standIn })?.kind)).toEqual(['official', 'official']);
  });

  test('GitHub reachable -> the official one is downloaded', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve({ ok: true }));
    await expect(ensureElectron('node', { standIn: false })).rejects.toThrow(SetupError);
    expect(steps.run).toEqual(['Downloading Electron']);
  });

  test.each([
    [undefined, false],
    ['0', false],
    ['', false],
    ['1', true],
  ])('MUSTER_STAND_IN_ELECTRON=%s -> asked: %s', (value, expected) => {
    vi.stubEnv('MUSTER_STAND_IN_ELECTRON', value);
    expect(asksForStandIn()).toBe(expected);
  });
});
