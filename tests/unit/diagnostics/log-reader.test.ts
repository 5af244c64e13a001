import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LogPage, logPageSchema, logQuerySchema } from '../../../src/shared/api/logs';
import { LogFilesSource } from '../../../src/main/diagnostics/log-files-source';
import { LogReader } from '../../../src/main/diagnostics/log-reader';
import { RecentLinesSource } from '../../../src/main/diagnostics/recent-lines-source';
import { RecentLines } from '../../../src/main/platform/recent-lines';

const START = Date.UTC(2026, 10, 30);
const line = (second: number, event: string, fields: object = {}): string =>
  `${JSON.stringify({ level: 'info', time: new Date(START + second * 1000).toISOString(), event, ...fields })}\n`;
const events = ({ lines }: LogPage): string[] => lines.map(({ event }) => event);

let folder: string;
const write = (name: string, ...lines: string[]): Promise<void> => writeFile(path.join(folder, name), lines.join(''));
const add = (name: string, ...lines: string[]): Promise<void> => appendFile(path.join(folder, name), lines.join(''));

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'muster-logs-'));
});
afterEach(() => rm(folder, { recursive: true }));

const readerOf = (): LogReader =>
  new LogReader([new LogFilesSource('app', folder, 'desktop'), new LogFilesSource('scheduler', folder, 'scheduler')]);

async function read(reader: LogReader, query: object = {}): Promise<LogPage> {
  const page = await reader.read(logQuerySchema.parse(query));
  if (!page.ok) throw new Error(page.error.code);
  return logPageSchema.parse(page.value);
}

/** All pages towards older lines. */
async function readAll(reader: LogReader, query: object): Promise<string[]> {
  const found: string[] = [];
  for (let before: string | null | undefined; before !== null;) {
    const page = await read(reader, { ...query, ...(before === undefined ? {} : { before }) });
    found.push(...events(page));
    before = page.older;
  }
  return found;
}

describe('log files', () => {
  test('two sources in several files -> one list by time, the newest first', async () => {
    await write('desktop.9.log', line(1, 'a1'), line(4, 'a2'));
    await write('desktop.10.log', line(5, 'a3'));
    await write('scheduler.1.log', line(2, 's1'), 'panic: no JSON\n', line(6, 's2'));
    await write('other.1.log', line(3, 'x'));
    const page = await read(readerOf());
    expect(events(page)).toEqual(['s2', 'a3', 'a2', 's1', 'a1']);
    expect(page).toMatchObject({ older: null, has_newer: false, sources: ['app', 'scheduler'], read_to: START + 1000 });
  });

  test('small pages -> every line once, in order', async () => {
    await write('desktop.1.log', ...Array.from({ length: 40 }, (_, at) => line(at * 2, `a${String(at)}`)));
    await write('desktop.2.log', ...Array.from({ length: 3 }, (_, at) => line(80 + at, `b${String(at)}`)));
    await write('scheduler.1.log', ...Array.from({ length: 20 }, (_, at) => line(at * 4 + 1, `s${String(at)}`)));
    const all = events(await read(readerOf(), { limit: 500 }));
    expect(all).toHaveLength(63);
    expect(await readAll(readerOf(), { limit: 7 })).toEqual(all);
  });

  test('10,000 lines, a filter that finds three -> bounded pages, then the beginning of the log', async () => {
    const lines = Array.from({ length: 10_000 }, (_, at) => line(at, at % 4000 === 0 ? 'rare' : 'often', { fill: 'x'.repeat(200) }));
    await write('desktop.1.log', ...lines.slice(0, 6000));
    await write('desktop.2.log', ...lines.slice(6000));
    const first = await read(readerOf(), { event: 'rare' });
    expect(first.older).not.toBeNull();
    expect(first.read_to).toBeGreaterThan(START + 4000 * 1000);
    expect(await readAll(readerOf(), { event: 'rare' })).toEqual(['rare', 'rare', 'rare']);
  });

  test('follow: new lines, unfinished line, rotation -> each line once', async () => {
    await write('desktop.1.log', line(1, 'old'), line(2, 'half').slice(0, 20));
    const reader = readerOf();
    const first = await read(reader);
    expect(events(first)).toEqual(['old']);
    await add('desktop.1.log', line(2, 'half').slice(20), line(3, 'next'));
    const second = await read(reader, { after: first.newer });
    expect(events(second)).toEqual(['next', 'half']);
    await add('desktop.1.log', line(4, 'last'));
    await write('desktop.2.log', line(5, 'rotated'));
    await write('scheduler.1.log', line(6, 'started'));
    let cursor = second.newer;
    const found: string[] = [];
    for (let more = true; more;) {
      const page = await read(reader, { after: cursor });
      found.push(...events(page).reverse());
      cursor = page.newer;
      more = page.lines.length > 0 || page.has_newer;
    }
    expect(found.sort()).toEqual(['last', 'rotated', 'started']);
  });

  test('follow: more new lines than a page has -> has_newer, nothing is lost', async () => {
    await write('desktop.1.log', line(0, 'first'));
    const reader = readerOf();
    let { newer: cursor } = await read(reader);
    await add('desktop.1.log', ...Array.from({ length: 30 }, (_, at) => line(at, `n${String(at)}`)));
    const pages: number[] = [];
    for (let more = true; more;) {
      const page = await read(reader, { after: cursor, limit: 20 });
      pages.push(page.lines.length);
      ({ newer: cursor, has_newer: more } = page);
    }
    expect(pages).toEqual([10, 10, 10, 0]);
  });

  test('file removed between two pages -> the way to older lines ends', async () => {
    await write('desktop.1.log', line(1, 'a'));
    await write('desktop.2.log', line(2, 'b'), line(3, 'c'));
    const reader = readerOf();
    const page = await read(reader, { limit: 1 });
    await rm(path.join(folder, 'desktop.1.log'));
    await rm(path.join(folder, 'desktop.2.log'));
    expect(await read(reader, { before: page.older })).toMatchObject({ lines: [], older: null });
  });

  test('no folder yet -> an empty page, and lines as soon as they are written', async () => {
    const inner = path.join(folder, 'later');
    const reader = new LogReader([new LogFilesSource('app', inner, 'desktop')]);
    const page = await read(reader);
    expect(page).toMatchObject({ lines: [], older: null });
    await mkdir(inner);
    await write('later/desktop.1.log', line(1, 'a'));
    const next = await read(reader, { after: page.newer });
    expect([...events(next), ...events(await read(reader, { after: next.newer }))]).toEqual(['a']);
  });

  test('cursor far behind the end of its file -> the lines of the file', async () => {
    await write('desktop.1.log', line(1, 'a'), line(2, 'b'));
    const page = await read(readerOf(), { before: 'app:1:999999999999999' });
    expect(events(page)).toEqual(['b', 'a']);
    expect(page.older).toBeNull();
  });

  test('one source chosen -> its lines only', async () => {
    await write('desktop.1.log', line(1, 'a'));
    await write('scheduler.1.log', line(2, 's'));
    expect(events(await read(readerOf(), { source: 'app' }))).toEqual(['a']);
  });
});

describe('lines in memory', () => {
  test('more bytes than the limit -> the oldest lines are dropped, pages end there', async () => {
    const lines = new RecentLines(line(1, 'n0').length * 3 + 10);
    const reader = new LogReader([new RecentLinesSource('pool', lines, START)]);
    for (let at = 0; at < 8; at += 1) lines.write(line(1, `n${String(at)}`));
    const page = await read(reader);
    expect(events(page)).toEqual(['n7', 'n6', 'n5']);
    lines.write(line(2, 'n8'));
    expect(events(await read(reader, { after: page.newer }))).toEqual(['n8']);
  });

  test('cursor far behind the newest line -> the same pages as from the end', async () => {
    const lines = new RecentLines(1000);
    lines.write(line(1, 'a'));
    const reader = new LogReader([new RecentLinesSource('pool', lines, START)]);
    const far = `pool:${String(START / 1000)}:999999999999999`;
    expect(events(await read(reader, { before: far }))).toEqual(['a']);
    const page = await read(reader, { after: far });
    lines.write(line(2, 'b'));
    expect(events(await read(reader, { after: page.newer }))).toEqual(['b']);
  });

  test('cursor of an earlier run of the program -> nothing older, all lines of this run as newer', async () => {
    const lines = new RecentLines(1000);
    lines.write(line(1, 'a'));
    const reader = new LogReader([new RecentLinesSource('pool', lines, START)]);
    const earlier = `pool:${String(START / 1000 - 60)}:7`;
    expect(await read(reader, { before: earlier })).toMatchObject({ lines: [], older: null });
    expect(events(await read(reader, { after: earlier }))).toEqual(['a']);
  });
});
