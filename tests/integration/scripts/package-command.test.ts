// `npm run package` and `npm run release`, as far as they build nothing.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { packageApp } from '../../../scripts/packages/package.mjs';
import { release } from '../../../scripts/release/release.mjs';

vi.mock('../../../scripts/setup-build.mjs', () => ({ ensureBuild: () => Promise.reject(new Error('built')) }));

let said: string;
beforeEach(() => {
  said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  vi.stubGlobal('fetch', () => Promise.reject(new Error('blocked')));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});
/** Of another system than this. */
const FOREIGN = process.platform === 'win32' ? 'deb' : 'nsis';

test.each([
  ['package', packageApp],
  ['release', release],
])('%s: --help -> usage, nothing is built, exit code 0', async (name, run) => {
  expect(await run(process.execPath, ['--help'])).toBe(0);
  expect(said).toContain(`usage: npm run ${name} --`);
  expect(said).not.toContain('Electron');
});

test.each([
  ['package', packageApp],
  ['release', release],
])('%s: unknown flag -> named, usage, exit code 2', async (name, run) => {
  expect(await run(process.execPath, ['--nonsense'])).toBe(2);
  expect(said).toContain("'--nonsense'");
  expect(said).toContain(`usage: npm run ${name} --`);
});

test('package: target of another system -> the reason alone, exit code 1', async () => {
  expect(await packageApp(process.execPath, [FOREIGN])).toBe(1);
  expect(said).toMatch(new RegExp(`^\\[muster\\] cannot build ${FOREIGN}: needs (?:Linux|Windows).*\\n$`));
});

test('package: --list -> what can and what cannot be built, nothing is built', async () => {
  expect(await packageApp(process.execPath, ['--list', FOREIGN])).toBe(0);
  expect(said).toMatch(new RegExp(`^\\[muster\\] cannot build ${FOREIGN}: `));
  await packageApp(process.execPath, ['--list']);
  if (process.platform === 'linux') expect(said).toContain('can build dir\n');
});
