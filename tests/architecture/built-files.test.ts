// Checks the built files instead of the sources: the programs that run under plain Node never import Electron, through any chunk, and the
// dashboard loads little code before it shows something.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
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

const assets = join(root, 'out/renderer/assets');
const codeOf = (file: string): string => readFileSync(join(assets, file), 'utf8');

/** The files that a file imports statically. */
const importsOf = (file: string): readonly string[] =>
  [...codeOf(file).matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([^"']+\.js)["']/g)].map(([, name = '']) => name);

/** Files and all that they import statically. */
function closureOf(files: readonly string[], found: Set<string> = new Set()): ReadonlySet<string> {
  for (const file of files) {
    if (found.has(file)) continue;
    found.add(file);
    closureOf(importsOf(file), found);
  }
  return found;
}

/** The files that index.html loads. */
const startFiles = (): string[] =>
  [...readFileSync(join(root, 'out/renderer/index.html'), 'utf8').matchAll(/"\.\/assets\/([^"]+\.js)"/g)].map(([, file = '']) => file);

const compressedKb = (files: ReadonlySet<string>): number =>
  [...files].reduce((bytes, file) => bytes + gzipSync(codeOf(file)).length, 0) / 1000;

/** The one file with the code of a module or of a folder. */
function chunkOf(name: string): string {
  const [file, ...others] = readdirSync(assets).filter((entry) => new RegExp(`^${name}-[\\w-]{8}\\.js$`).test(entry));
  if (file === undefined || others.length > 0) throw new Error(`not one chunk of ${name}: ${[file, ...others].join(' ')}`);
  return file;
}

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

  test('renderer: no file imports itself through others; the first page needs at most two more files', () => {
    const files = readdirSync(assets).filter((file) => file.endsWith('.js'));
    expect(files.filter((file) => closureOf(importsOf(file)).has(file))).toEqual([]);
    const start = closureOf([...startFiles(), chunkOf('en-first')]);
    const more = [...closureOf([chunkOf('ComputerPage')])].filter((file) => !start.has(file));
    expect(more).toHaveLength(2);
  });

  test('renderer: one file of styles, loaded at the start, so a page that is loaded later has its styles', () => {
    expect(readdirSync(assets).filter((file) => file.endsWith('.css'))).toHaveLength(1);
  });

  test.each(['en-first', 'zh-cn-first'])('renderer: code at the start with %s -> below 250 kB compressed', (texts) => {
    expect(compressedKb(closureOf([...startFiles(), chunkOf(texts)]))).toBeLessThan(250);
  });

  test('renderer: the window asks at once for the files of its first page, and else loads the page of a browser', () => {
    const [page, browser] = ['app.html', 'index.html'].map((name) => readFileSync(join(root, 'out/renderer', name), 'utf8'));
    const links = /^ *<link rel="modulepreload" crossorigin href="\.\/assets\/(.+)">\n/gm;
    const asked = [...(page?.matchAll(links) ?? [])].map(([, file]) => file);
    const first = ['en-first', 'ComputerPage', 'PoolPage'].flatMap((name) => [...closureOf([chunkOf(name)])]);
    const start = closureOf(startFiles());
    expect(asked.toSorted()).toEqual([...new Set(first)].filter((file) => !start.has(file)).toSorted());
    expect(page?.replace(links, '')).toBe(browser);
  });

  test('renderer: code at the start -> no page, no library of one page, no later texts', () => {
    const start = closureOf([...startFiles(), chunkOf('en-first'), chunkOf('zh-cn-first')]);
    const later = ['PoolPage', 'NodesPage', 'TryPage', 'Markdown', 'plot', 'PoolMenu', 'FrameDialogs', 'en-later', 'zh-cn-later'];
    expect(later.filter((name) => start.has(chunkOf(name)))).toEqual([]);
  });

  test('renderer: no inline script or style, no absolute URL', () => {
    const html = readFileSync(join(root, 'out/renderer/index.html'), 'utf8');
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/);
    expect([...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url).filter((url) => !url?.startsWith('./'))).toEqual([]);
  });
});
