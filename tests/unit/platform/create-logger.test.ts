import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createFileLogger } from '../../../src/main/platform/create-file-logger';
import { createLogger } from '../../../src/main/platform/create-logger';

const SECRET = 'kJ8_very-secret-value-4711';

function collect(level: 'debug' | 'info' | 'warn' | 'error' = 'info', format: 'json' | 'pretty' = 'json') {
  const lines: string[] = [];
  const logger = createLogger({ level, format, destination: { write: (line) => lines.push(line) } });
  return { logger, lines };
}

test('log line: one JSON object with time, level name, event and fields', async () => {
  const { logger, lines } = collect();
  logger.log('warn', 'heartbeat_timeout', { node_id: 'n1', late_ms: 3 });
  await setImmediate();
  expect(lines).toHaveLength(1);
  const line = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
  expect(line).toEqual({
    level: 'warn',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
    event: 'heartbeat_timeout',
    node_id: 'n1',
    late_ms: 3,
  });
  expect(lines[0]).toMatch(/\}\n$/);
});

test('log line: formatted after the turn of the event loop, with the time of the call', async () => {
  const { logger, lines } = collect();
  const beforeWallMs = Date.now();
  logger.log('info', 'a');
  logger.log('info', 'b');
  const afterWallMs = Date.now();
  expect(lines).toEqual([]);
  await setImmediate();
  const written = lines.map((line) => JSON.parse(line) as { readonly event: string; readonly time: string });
  expect(written.map(({ event }) => event)).toEqual(['a', 'b']);
  for (const { time } of written) {
    expect(Date.parse(time)).toBeGreaterThanOrEqual(beforeWallMs);
    expect(Date.parse(time)).toBeLessThanOrEqual(afterWallMs);
  }
});

test('thousands of lines at once -> formatted in several turns of the event loop, in order', async () => {
  const { logger, lines } = collect();
  const events = Array.from({ length: 1000 }, (_, i) => `event_${String(i)}`);
  for (const event of events) logger.log('info', event);
  await setImmediate();
  expect(lines.length).toBeLessThan(300);
  for (let turns = 0; lines.length < events.length && turns < 100; turns++) await setImmediate();
  expect(lines.map((line) => (JSON.parse(line) as { readonly event: string }).event)).toEqual(events);
});

test('each turn logs more lines than it formats -> the lines that wait are bounded, and none is lost', async () => {
  const { logger, lines } = collect();
  const [perTurn, turns] = [2000, 30];
  for (let turn = 1; turn <= turns; turn++) {
    for (let i = 0; i < perTurn; i++) logger.log('info', 'flood');
    await setImmediate();
    expect(turn * perTurn - lines.length).toBeLessThanOrEqual(20_000);
  }
  for (let more = 0; lines.length < turns * perTurn && more < 200; more++) await setImmediate();
  expect(lines).toHaveLength(turns * perTurn);
});

test('level: lower lines are not written, isEnabled is false', async () => {
  const { logger, lines } = collect('warn');
  logger.log('info', 'a');
  logger.log('warn', 'b');
  await setImmediate();
  expect(lines).toHaveLength(1);
  expect([logger.isEnabled('debug'), logger.isEnabled('error')]).toEqual([false, true]);
});

test('secrets: masked at any depth', async () => {
  const { logger, lines } = collect();
  const cyclic: Record<string, unknown> = { a: 1 };
  cyclic['self'] = cyclic;
  logger.log('info', 'x', {
    token: SECRET,
    node_token: SECRET,
    joinToken: SECRET,
    headers: [{ Authorization: `Bearer ${SECRET}` }],
    link: `muster://join?address=10.0.0.2:7080&token=${SECRET}`,
    said: `sent bearer ${SECRET} twice`,
    error: Object.assign(new Error(`401 for token=${SECRET}`), { cause: { password: SECRET } }),
    cyclic,
  });
  await setImmediate();
  expect(lines.join('')).not.toContain(SECRET);
  expect(lines.join('').match(/\[redacted\]/g)?.length).toBeGreaterThanOrEqual(8);
});

test.each([
  ['key of a join link', 'muster://10.0.0.2:7080/join#pin=x&key=SECRET', 'muster://10.0.0.2:7080/join#pin=x&key=[redacted]'],
  ['key of a program', 'refused mk_0123456789abcdefgh', 'refused mk_[redacted]'],
  ['password in an address', 'GET http://bob:SECRET@10.0.0.2:1/x', 'GET http://[redacted]@10.0.0.2:1/x'],
  ['other text', 'key=server.port of user@host', 'key=server.port of user@host'],
])('secrets in texts: %s', async (_name, text, expected) => {
  const { logger, lines } = collect();
  logger.log('info', 'x', { text });
  await setImmediate();
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ text: expected });
});

test('copy: readable format -> the copy gets the same lines as JSON', async () => {
  const [lines, copies]: string[][] = [[], []];
  const logger = createLogger({
    level: 'info',
    format: 'pretty',
    destination: { write: (line) => lines?.push(line) },
    copyTo: { write: (line) => copies?.push(line) },
  });
  logger.log('info', 'x', { token: SECRET });
  logger.log('debug', 'y');
  await setImmediate();
  expect(lines).toHaveLength(1);
  expect(copies?.map((line) => (JSON.parse(line) as { event: string; token: string }).token)).toEqual(['[redacted]']);
});

test('secrets: booleans, counts and null are not masked', async () => {
  const { logger, lines } = collect();
  logger.log('info', 'x', { join_token_file: '/data/join-token', has_token: true, token: null, tokens: 3 });
  await setImmediate();
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ join_token_file: '/data/join-token', has_token: true, token: null, tokens: 3 });
});

test('pretty format: one line with event and fields', async () => {
  const { logger, lines } = collect('info', 'pretty');
  logger.log('info', 'node_registered', { node_id: 'n1' });
  await setImmediate();
  expect(lines.join('')).toMatch(/INFO.*node_registered.*"node_id":"n1".*\n$/);
});

const FORGED = 'x\u001b[2J\r\n[99:00:00] INFO: forged\u2028[99:00:01] INFO: forged\u2029\u0085\u009b2J\u202e\u2066\u0000\ud800 \\n';

test.each(['pretty', 'json'] as const)('%s format: text of a stranger in any field -> one line, no control characters', async (format) => {
  const { logger, lines } = collect('info', format);
  const fields = ['node_name', 'name', 'reason', 'error', 'err', 'stack', 'msg', 'hostname', 'caller'];
  for (const field of fields) logger.log('info', 'node_registered', { [field]: FORGED, [FORGED]: 1, deep: { [FORGED]: [FORGED] } });
  await setImmediate();
  const text = lines.join('');
  expect(text.split(/[\n\r\u0085\u2028\u2029]/)).toHaveLength(fields.length + 1);
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
  for (const line of text.trimEnd().split('\n')) expect(line).not.toMatch(/^\[99:/);
});

test('json format: text of a stranger -> the same text when the line is read', async () => {
  const { logger, lines } = collect();
  logger.log('info', 'node_registered', { node_name: FORGED });
  await setImmediate();
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ node_name: FORGED });
});

test('file logger: JSON lines in numbered files; closed after many lines -> all of them are in the file', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'muster-log-'));
  try {
    const { logger, close } = await createFileLogger('info', path.join(folder, 'logs', 'muster.log'));
    logger.log('info', 'app_started', { token: SECRET });
    for (let i = 1; i < 1000; i++) logger.log('info', 'another');
    await close();
    const [name] = await readdir(path.join(folder, 'logs'));
    const lines = (await readFile(path.join(folder, 'logs', name ?? ''), 'utf8')).trimEnd().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'app_started', token: '[redacted]' });
    expect(lines).toHaveLength(1000);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.runIf(process.platform === 'linux')('file logger: disk full -> lines lost, close resolves', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'muster-log-'));
  try {
    const { logger, close } = await createFileLogger('info', path.join(folder, 'desktop.log'));
    logger.log('info', 'first');
    await close();
    const [name = ''] = await readdir(folder);
    expect(await readFile(path.join(folder, name), 'utf8')).toContain('first');
    await rm(path.join(folder, name));
    await symlink('/dev/full', path.join(folder, name));
    const full = await createFileLogger('info', path.join(folder, 'desktop.log'));
    full.logger.log('info', 'lost');
    full.logger.log('info', 'lost too');
    await expect(full.close()).resolves.toBeUndefined();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
