// `muster usage` against a scripted HTTP server: the query, the table, JSON and CSV, and wrong options.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { COMMANDS } from '../../../src/main/cli/commands';
import { runCli } from '../../../src/main/cli/run-cli';
import { usageText } from '../../../src/main/cli/usage-command';
import { usageFigures, usageOf, usageRow } from '../../support/usage-fakes';
import { fakeIo } from './fake-io';

let requests: string[] = [];
let rows = usageOf({ by: 'key' }).rows;
const server = createServer(({ url = '' }, response) => {
  requests.push(url);
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ...usageOf({ by: 'key' }), rows }));
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  requests = [];
  ({ rows } = usageOf({ by: 'key' }));
});

async function run(...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo({ MUSTER_URL: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` });
  return { code: await runCli(['usage', ...argv, '--data-dir', '/nonexistent/muster'], COMMANDS, io), ...io.written };
}

test('usage: the options are the query; the table has a row for each and the total', async () => {
  const { code, out, err } = await run('--by', 'key', '--from', '2026-11-24', '--to', '2026-11-30', '--model', 'org/llm:7b');
  expect([code, err, requests]).toEqual([0, '', ['/api/v1/usage?from=2026-11-24&to=2026-11-30&by=key&model=org%2Fllm%3A7b&format=json']]);
  expect(out).toBe(
    [
      'KEY    REQUESTS  FAILED  CANCELLED  REFUSED  PROMPT  CACHED  OUTPUT  GPU TIME',
      '=1+1   12        2       1          0        4000    1000    900     1 min 16 s',
      'TOTAL  12        2       1          0        4000    1000    900     1 min 16 s',
      'Requests from 2026-11-24 to 2026-11-30, days in UTC. PROMPT, CACHED and OUTPUT are tokens.',
      '',
    ].join('\n'),
  );
});

test('usage: a key or a node by its name -> its id is the filter; an id stays', async () => {
  rows = [usageRow({ id: 'k-1', name: 'wiki' }), usageRow({ id: 'k-2', name: 'tower' })];
  expect((await run('--key', 'wiki', '--from', '2026-11-24')).code).toBe(0);
  expect((await run('--node', 'tower')).code).toBe(0);
  expect((await run('--key', 'k-2')).code).toBe(0);
  expect((await run('--key', 'absent')).code).toBe(0);
  expect(requests.map((url) => url.replace('/api/v1/usage?', ''))).toEqual([
    'from=2026-11-24&by=key&format=json',
    'from=2026-11-24&by=day&key=k-1&format=json',
    'by=node&format=json',
    'by=day&node_id=k-2&format=json',
    'by=key&format=json',
    'by=day&key=k-2&format=json',
    'by=key&format=json',
    'by=day&key=absent&format=json',
  ]);
});

test('usage: two keys had the name -> exit code 2 with both ids', async () => {
  rows = [usageRow({ id: 'k-1', name: 'wiki' }), usageRow({ id: 'k-2', name: 'wiki' })];
  const { code, err } = await run('--key', 'wiki');
  expect([code, err]).toEqual([2, 'muster: usage: --key: several have the name wiki; give the ID of one: k-1, k-2\n']);
});

test('usage: --json -> the answer; --csv -> the file, formulas are text', async () => {
  expect(JSON.parse((await run('--json')).out)).toEqual(usageOf({ by: 'key' }));
  // A program reads the first name from a pipe: no byte order mark.
  expect((await run('--by', 'key', '--csv')).out.startsWith('key_id,')).toBe(true);
  expect((await run('--by', 'key', '--csv')).out).toContain("\r\n'=1+1,'=1+1,12,");
});

test.each([
  [['--from', 'yesterday'], '--from'],
  [['--by', 'hour'], '--by'],
  [['--by', 'node', '--key', 'k1'], '--key'],
  [['--by', 'key', '--node', 'n1'], '--node'],
  [['--csv', '--json'], '--csv cannot be used with --json'],
])('usage %j -> exit code 2, nothing is sent', async (argv, text) => {
  const { code, err } = await run(...argv);
  expect([code, err.includes(text), requests]).toEqual([2, true, []]);
});

test('usage: by day and node -> both columns; the rest, no key, and answers without tokens are said', () => {
  const rows = [
    usageRow({ day: '2026-11-29', id: 'n1', name: 'tower', gpu_seconds: 7500 }),
    usageRow({ day: '2026-11-30', id: 'n2', name: '\u001b[2J', gpu_seconds: 4.25 }),
    usageRow({ day: '2026-11-30', rest: true }),
  ];
  const text = usageText({ ...usageOf({ by: 'day,node' }), rows, total: usageFigures({ estimated: 3 }) });
  expect(text).toMatch(/^DAY +NODE +ATTEMPTS/);
  expect(text).toMatch(/2026-11-29 +tower .* 2 h 05 min\n2026-11-30 +\\u001b\[2J .* 4.3 s\n2026-11-30 +\(other\) /);
  expect(text).toContain('Attempts on nodes from');
  expect(text).toContain('The tokens of 3 requests are estimated from the text.');
  expect(usageText({ ...usageOf({ by: 'key' }), rows: [usageRow()] })).toContain('(no key)');
  expect(usageText({ ...usageOf({ by: 'day' }), rows: [] })).toBe('No use from 2026-11-24 to 2026-11-30, days in UTC.\n');
});
