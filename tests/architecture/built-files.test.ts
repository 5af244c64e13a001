// Checks the built files instead of the sources: the programs that run under plain Node never import Electron, through any chunk.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { cruised } from './cruise';

const root = join(import.meta.dirname, '../..');
const nodePrograms = ['cli', 'hardware-probe'];

/** A rule for each program in out/main, which it violates when it imports Electron, directly or through other files. */
const reachesElectron = {
  forbidden: [...nodePrograms, 'index'].map((name) => ({
    name,
    from: { path: `^out/main/${name}\\.js$` },
    to: { path: '(^|/)electron(/|$)', reachable: true },
  })),
  options: { doNotFollow: { path: 'node_modules' } },
};

describe('built files', () => {
  let found: readonly string[];

  beforeAll(async () => {
    expect(existsSync(join(root, 'out/main/cli.js')), 'out/ is missing: npm run build').toBe(true);
    ({ violations: found } = await cruised(reachesElectron, ['out/main'], root));
  }, 120_000);
  const violationsOf = (program: string): readonly string[] => found.filter((violation) => violation.startsWith(`${program}: `));

  test.each(nodePrograms)('out/main/%s.js: does not reach electron', (program) => {
    expect(violationsOf(program)).toEqual([]);
  });

  test('out/main/index.js: reaches electron, so the check can fail', () => {
    expect(violationsOf('index')).not.toEqual([]);
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
