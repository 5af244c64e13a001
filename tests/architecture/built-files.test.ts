// Checks the built files instead of the sources: the programs that run under plain Node never import Electron, through any chunk.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { violations } from './cruise';

const root = join(import.meta.dirname, '../..');
const nodePrograms = ['cli', 'hardware-probe'];

/** A rule that a program in out/main violates when it imports Electron, directly or through other files. */
function reachesElectron(program: string) {
  return {
    forbidden: [{ name: 'no-electron', from: { path: `^out/main/${program}\\.js$` }, to: { path: '(^|/)electron(/|$)', reachable: true } }],
    options: { doNotFollow: { path: 'node_modules' } },
  };
}

describe('built files', () => {
  beforeAll(() => {
    expect(existsSync(join(root, 'out/main/cli.js')), 'out/ is missing: npm run build').toBe(true);
  });

  test.each(nodePrograms)('out/main/%s.js: does not reach electron', async (program) => {
    expect(await violations(reachesElectron(program), ['out/main'], root)).toEqual([]);
  });

  test('out/main/index.js: reaches electron, so the check can fail', async () => {
    expect(await violations(reachesElectron('index'), ['out/main'], root)).not.toEqual([]);
  });

  test('out/main/cli.js: starts with a shebang, so that npm can link the file as a program', () => {
    expect(readFileSync(join(root, 'out/main/cli.js'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  test('preload: requires nothing but electron', () => {
    const preload = readFileSync(join(root, 'out/preload/index.cjs'), 'utf8');
    expect([...new Set([...preload.matchAll(/\brequire\(["']([^"']+)["']\)/g)].map(([, name]) => name))]).toEqual(['electron']);
  });

  test('renderer: no inline script or style, no absolute URL', () => {
    const html = readFileSync(join(root, 'out/renderer/index.html'), 'utf8');
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/);
    expect([...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url).filter((url) => !url?.startsWith('./'))).toEqual([]);
  });
});
