import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { diagnosticsPreviewSchema, MAX_DIAGNOSTICS_BYTES } from '../../../src/shared/api/logs';
import { Diagnostics, type DiagnosticsOptions } from '../../../src/main/diagnostics/diagnostics';
import { LogFilesSource } from '../../../src/main/diagnostics/log-files-source';
import { ManualClock } from '../../support/manual-clock';
import { unzip } from '../../support/unzip';

const OWNER_KEY = 'Zk3-owner-key-without-a-prefix-0123456789';
/** Found in any text. */
const IN_TEXTS = [
  OWNER_KEY,
  'mk_abcdefghijklmnopqrstuvwxyz012345',
  'mi_invitationabcdefghijklmnop',
  'sk-proj-0123456789abcdef',
  '203.0.113.99',
  '2001:db8:77::5',
  'annika@example.org',
  'de:ad:be:ef:00:11',
];

/** Found by the name of their field, or as a part of an address. */
const PROMPT = 'write a poem about my divorce';
const PRIVATE = [...IN_TEXTS, PROMPT, 'hunter2', 'kais-secret-tower'];

let folder: string;
let clock: ManualClock;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'muster-diagnostics-'));
  clock = new ManualClock();
});
afterEach(() => rm(folder, { recursive: true }));

const open = (options: Partial<DiagnosticsOptions> = {}): Diagnostics =>
  new Diagnostics({
    version: '1.2.3',
    sources: [new LogFilesSource('app', folder, 'desktop')],
    clock,
    secrets: () => Promise.resolve([OWNER_KEY]),
    ...options,
  });

/** Every private text in each place where a fault could put it. */
function seededFact(): object {
  return {
    gpu: 'RTX 4090',
    list: IN_TEXTS.map((text) => `before ${text} after`),
    url: 'http://bob:hunter2@192.168.1.5:11434',
    password: 'hunter2',
    prompt: PROMPT,
    messages: [{ role: 'user', content: PROMPT }],
    node_name: 'kais-secret-tower',
    stderr_tail: PROMPT,
    path: path.join(userInfo().homedir, 'models'),
  };
}

const logLine = (fields: object): string =>
  `${JSON.stringify({ level: 'info', time: '2026-11-30T10:00:00.000Z', event: 'x', ...fields })}\n`;

test('secrets, contents, names and public addresses in facts and logs -> in no file', async () => {
  await writeFile(path.join(folder, 'desktop.1.log'), logLine(seededFact()));
  const preview = await open().preview([{ name: 'seeded.json', value: seededFact() }]);
  if (!preview.ok) throw new Error(preview.error.code);
  const { files } = diagnosticsPreviewSchema.parse(preview.value);
  expect(files.map(({ name }) => name)).toEqual(['README.txt', 'seeded.json', 'log-app.jsonl']);
  const all = files.map(({ content }) => content).join('\n');
  for (const text of PRIVATE) expect(all).not.toContain(text);
  if (userInfo().homedir.length > 1) expect(all).not.toContain(`${userInfo().homedir}/models`);
  if (hostname().length > 8) expect(all).not.toContain(hostname());
  // What explains a fault stays.
  expect(all).toContain('RTX 4090');
  expect(all).toContain('192.168.1.5:11434');
});

test('save: the files of the preview -> a ZIP with exactly these, in one folder', async () => {
  const diagnostics = open();
  const preview = await diagnostics.preview([{ name: 'a.json', value: { text: 1, umlaut: 'ä' } }]);
  if (!preview.ok) throw new Error(preview.error.code);
  await writeFile(path.join(folder, 'desktop.1.log'), logLine({ later: true }));
  const saved = await diagnostics.save(preview.value.id);
  if (!saved.ok || saved.value.state !== 'download') throw new Error('not saved');
  const name = saved.value.name.replace('.zip', '');
  expect(unzip(Buffer.from(saved.value.base64, 'base64'))).toEqual(
    new Map(preview.value.files.map((file) => [`${name}/${file.name}`, file.content])),
  );
});

test('save with a place -> written there; cancelled; cannot be written', async () => {
  const saveAt = async (saveFile: NonNullable<DiagnosticsOptions['saveFile']>) => {
    const diagnostics = open({ saveFile });
    const preview = await diagnostics.preview([]);
    return diagnostics.save(preview.ok ? preview.value.id : '');
  };
  const written: [string, number][] = [];
  const kept = await saveAt((name, bytes) => {
    written.push([name, bytes.length]);
    return Promise.resolve('/tmp/x.zip');
  });
  expect(kept).toEqual({ ok: true, value: { state: 'saved', path: '/tmp/x.zip' } });
  expect(written[0]?.[0]).toMatch(/^muster-diagnostics-\d{4}-\d\d-\d\d-\d{6}\.zip$/);
  expect(await saveAt(() => Promise.resolve(null))).toEqual({ ok: true, value: { state: 'cancelled' } });
  expect(await saveAt(() => Promise.reject(new Error('EACCES: no')))).toMatchObject({
    ok: false,
    error: { code: 'FILE_NOT_WRITTEN', details: { reason: 'EACCES: no' } },
  });
});

test('save: another preview was made, or ten minutes passed -> NOT_FOUND', async () => {
  const diagnostics = open();
  const first = await diagnostics.preview([]);
  const second = await diagnostics.preview([]);
  if (!first.ok || !second.ok) throw new Error('no preview');
  expect(await diagnostics.save(first.value.id)).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
  clock.advance(10 * 60_000 + 1);
  expect(await diagnostics.save(second.value.id)).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
});

test('large log and large facts -> bounded, the newest lines are kept in order', async () => {
  const lines = Array.from({ length: 9000 }, (_, at) => logLine({ at, fill: 'x'.repeat(150) }));
  await writeFile(path.join(folder, 'desktop.1.log'), lines.join(''));
  const preview = await open().preview([
    { name: 'huge.json', value: Array.from({ length: 100_000 }, (_, at) => ({ at, text: 'y'.repeat(40) })) },
  ]);
  if (!preview.ok) throw new Error(preview.error.code);
  const { files } = diagnosticsPreviewSchema.parse(preview.value);
  expect(files.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(MAX_DIAGNOSTICS_BYTES);
  const numbers = (files.find(({ name }) => name === 'log-app.jsonl')?.content ?? '')
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { at: number }).at);
  expect(numbers.at(-1)).toBe(8999);
  expect(numbers).toEqual(Array.from(numbers, (_, at) => 9000 - numbers.length + at));
});
