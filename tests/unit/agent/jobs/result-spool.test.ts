import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ResultSpool } from '../../../../src/main/agent/jobs/result-spool';
import { ManualClock } from '../../../support/manual-clock';
import { resultFrameText } from '../../../../src/main/agent/jobs/result-frame';

let folder: string;
let lines: { readonly event: string; readonly fields: unknown }[];
beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(tmpdir(), 'muster-spool-')), 'results');
  lines = [];
});
afterEach(() => {
  rmSync(path.dirname(folder), { recursive: true, force: true });
});

const URL_A = 'ws://a:1';
const URL_B = 'ws://b:1';
const open = () =>
  new ResultSpool({
    folder,
    clock: new ManualClock(),
    logger: { log: (_level, event, fields) => lines.push({ event, fields }), isEnabled: () => true },
  });
const factsOf = (jobId: string) => ({ jobId, attempt: 1, nodeId: 'node-1', traceId: 't', processingTimeMs: 1, isInChunks: false });
const textFor = (jobId: string) => resultFrameText(factsOf(jobId), { success: true, output: 'secret answer' });
const save = (spool: ResultSpool, jobId: string, url = URL_A) => spool.save(spool.entryOf(factsOf(jobId), url, textFor(jobId)));
const idsOf = (spool: ResultSpool, url = URL_A) => spool.resultsFor(url).map(({ jobId }) => jobId);

test('spool: restart -> result unchanged, for its scheduler only', async () => {
  expect((await save(open(), 'j1')).unsaved).toBeNull();
  const again = open();
  expect(idsOf(again, URL_B)).toEqual([]);
  const [result] = again.resultsFor(URL_A);
  expect(result).toMatchObject(factsOf('j1'));
  expect(result && JSON.parse((await again.textOf(result)) ?? '')).toEqual(JSON.parse(textFor('j1')));
  if (result !== undefined) again.delete(result);
  expect([idsOf(again), readdirSync(folder)]).toEqual([[], []]);
});

test('spool: restart -> timings of the result unchanged', async () => {
  const timings = { queue_ms: 0.4, first_token_ms: 250, prompt_tokens: 26 };
  const text = resultFrameText({ ...factsOf('j1'), timings }, { success: true, output: 1 });
  const spool = open();
  await spool.save(spool.entryOf(factsOf('j1'), URL_A, text));
  const [result] = open().resultsFor(URL_A);
  expect(result && JSON.parse((await open().textOf(result)) ?? '')).toMatchObject({ timings });
});

test('spool: any job id -> file inside the folder', async () => {
  const spool = open();
  const ids = ['../../evil', '/etc/passwd', 'a\u0000b', 'x'.repeat(128), '..', 'é', 'e/'];
  for (const id of ids) expect((await save(spool, id)).unsaved).toBeNull();
  expect(readdirSync(folder)).toHaveLength(ids.length);
  expect(idsOf(open()).toSorted()).toEqual(ids.toSorted());
});

test('spool: corrupt files that cannot be removed -> results still read', async () => {
  await save(open(), 'j1');
  for (let i = 0; i < 17; i++) mkdirSync(path.join(folder, `${String(i)}.json.corrupt`));
  expect(idsOf(open())).toEqual(['j1']);
  expect(lines).toEqual([]);
});

test('spool: same job id of two schedulers -> two results', async () => {
  const spool = open();
  await save(spool, 'j1');
  await save(spool, 'j1', URL_B);
  expect(readdirSync(folder)).toHaveLength(2);
});

test.each(['', '{', '{"version":1}', '{"version":2,"scheduler_url":"ws://a:1","result":{}}'])(
  'spool: damaged file (%j) -> renamed, other results read',
  async (content) => {
    await save(open(), 'j1');
    writeFileSync(path.join(folder, 'bad.json'), content);
    writeFileSync(path.join(folder, 'draft.json.abc.tmp'), 'half');
    expect(idsOf(open())).toEqual(['j1']);
    expect(readdirSync(folder).filter((name) => !name.startsWith('j1'))).toEqual(['bad.json.corrupt']);
    expect(lines).toMatchObject([{ event: 'result_unreadable' }]);
  },
);

test('spool: file missing -> text null, logged', async () => {
  const spool = open();
  await save(spool, 'j1');
  rmSync(folder, { recursive: true });
  const [result] = spool.resultsFor(URL_A);
  expect(result && (await spool.textOf(result))).toBeNull();
  expect(lines).toMatchObject([{ event: 'result_unreadable', fields: { job_id: 'j1', reason: 'ENOENT' } }]);
});

test('spool: write fails -> result kept in memory, logged without its content', async () => {
  writeFileSync(folder, 'in the way');
  const spool = open();
  expect((await save(spool, 'j1')).unsaved).toBe('EEXIST');
  const [result] = spool.resultsFor(URL_A);
  expect(result && (await spool.textOf(result))).toBe(textFor('j1'));
  expect(JSON.stringify(lines)).not.toContain('secret answer');
  expect(readFileSync(folder, 'utf8')).toBe('in the way');
});

test('spool: disk works again -> results in memory written, present after a restart', async () => {
  writeFileSync(folder, 'in the way');
  const spool = open();
  await save(spool, 'j1');
  await save(spool, 'j2', URL_B);
  lines = [];
  await spool.saveUnsaved();
  expect([spool.hasUnsaved, lines]).toEqual([true, []]);
  rmSync(folder);
  await Promise.all([spool.saveUnsaved(), spool.saveUnsaved()]);
  const saved = ['j1', 'j2'].map((job_id) => ({ event: 'result_saved', fields: { job_id, attempt: 1, bytes: 144 } }));
  expect([spool.hasUnsaved, lines]).toEqual([false, saved]);
  const again = open();
  expect([idsOf(again), idsOf(again, URL_B)]).toEqual([['j1'], ['j2']]);
});

test('spool: acknowledged during a late write -> no file left', async () => {
  writeFileSync(folder, 'in the way');
  const spool = open();
  await save(spool, 'j1');
  rmSync(folder);
  const saved = spool.saveUnsaved();
  for (const result of spool.resultsFor(URL_A)) spool.delete(result);
  await saved;
  expect([readdirSync(folder), spool.hasUnsaved]).toEqual([[], false]);
});

test('spool: corrupt files -> newest 16 kept, for 30 days', () => {
  mkdirSync(folder);
  const nowS = new ManualClock().wallMs() / 1000;
  const write = (name: string, ageDays: number) => {
    writeFileSync(path.join(folder, name), '{');
    utimesSync(path.join(folder, name), nowS, nowS - ageDays * 24 * 3600);
  };
  write('old.json.corrupt', 31);
  for (let days = 1; days <= 20; days++) write(`${String(days)}.json.corrupt`, days);
  open();
  const kept = Array.from({ length: 16 }, (_, i) => `${String(i + 1)}.json.corrupt`);
  expect(readdirSync(folder).toSorted()).toEqual(kept.toSorted());
});

describe.skipIf(process.platform !== 'linux')('spool: disk full', () => {
  const LIMIT_BYTES = 64 * 1024;
  const ignore = () => undefined;
  /** Files of this process cannot grow beyond this limit: a write fails midway, as on a full disk. */
  const limitFiles = (bytes: number | 'unlimited') => {
    const { status } = spawnSync('prlimit', ['--pid', String(process.pid), `--fsize=${String(bytes)}:unlimited`]);
    expect(status).toBe(0);
  };
  beforeEach(() => {
    process.on('SIGXFSZ', ignore);
    limitFiles(LIMIT_BYTES);
  });
  afterEach(() => {
    limitFiles('unlimited');
    process.off('SIGXFSZ', ignore);
  });

  test('no incomplete file, smaller results stored, large result kept in memory', async () => {
    const spool = open();
    const large = 'x'.repeat(2 * LIMIT_BYTES);
    expect((await spool.save(spool.entryOf(factsOf('large'), URL_A, large))).unsaved).toBe('EFBIG');
    expect((await save(spool, 'small')).unsaved).toBeNull();
    expect(readdirSync(folder).map((name) => name.split('-')[0])).toEqual(['small']);
    expect(await Promise.all(spool.resultsFor(URL_A).map((result) => spool.textOf(result)))).toEqual([
      large,
      expect.stringContaining('small'),
    ]);
  });
});

test('spool: too much in memory -> no capacity until results are evicted or acknowledged', async () => {
  writeFileSync(folder, 'in the way');
  const spool = open();
  await spool.save(spool.entryOf(factsOf('j1'), URL_A, 'x'.repeat(65 * 1024 * 1024)));
  expect(spool.hasCapacity()).toBe(false);
  await save(spool, 'j2', URL_A);
  expect(idsOf(spool)).toEqual(['j1', 'j2']);
  // Results of another scheduler are evicted.
  await save(spool, 'j3', URL_B);
  expect([idsOf(spool), idsOf(spool, URL_B)]).toEqual([['j2'], ['j3']]);
  expect(spool.hasCapacity()).toBe(true);
});
