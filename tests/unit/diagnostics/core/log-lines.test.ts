import { describe, expect, test } from 'vitest';
import { logQuerySchema } from '../../../../src/shared/api/logs';
import { cursorText, parseCursor } from '../../../../src/main/diagnostics/core/cursor';
import { newerLinesIn, olderLinesIn } from '../../../../src/main/diagnostics/core/lines-in';
import { mayPass, passes } from '../../../../src/main/diagnostics/core/log-filter';
import { logLineOf } from '../../../../src/main/diagnostics/core/log-line';
import { logLine } from '../../../support/log-fakes';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('line of a log', () => {
  const decode = (text: string) => logLineOf('app', { file: 2, offset: 30 }, text);

  test('JSON line -> time, level, event, fields without secrets', () => {
    const text =
      '{"level":"warn","time":"2026-11-30T10:00:00.000Z","event":"auth_failed","from":"10.0.0.1","token":"abc","url":"x?token=abc"}';
    expect(decode(text)).toEqual({
      id: 'app:2:30',
      source: 'app',
      at: Date.UTC(2026, 10, 30, 10),
      level: 'warn',
      event: 'auth_failed',
      fields: { from: '10.0.0.1', token: '[redacted]', url: 'x?token=[redacted]' },
    });
  });

  test.each([
    '',
    'panic: x',
    '[]',
    '{"level":"info","event":"x"}',
    '{"level":"loud","time":"2026-11-30T10:00:00Z","event":"x"}',
    '{"level":"info"',
  ])('not a line of the program: %j -> null', (text) => {
    expect(decode(text)).toBeNull();
  });

  test('huge line -> bounded texts, lists and fields', () => {
    const fields = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`f${String(at)}`, at]));
    const line = decode(
      JSON.stringify({
        time: '2026-11-30T10:00:00Z',
        level: 'info',
        event: 'e'.repeat(500),
        a: 'x'.repeat(9000),
        b: Array(500).fill(1),
        ...fields,
      }),
    );
    expect(line?.event).toHaveLength(64);
    expect(line?.fields['a']).toHaveLength(2001);
    expect(line?.fields['b']).toHaveLength(100);
    expect(Object.keys(line?.fields ?? {})).toHaveLength(64);
  });
});

describe('filters', () => {
  const line = logLine({
    level: 'warn',
    event: 'node_paused',
    fields: { node_id: 'node-1', detail: 'Größe "7"', reasons: [{ code: 'gpu' }] },
  });
  const raw = JSON.stringify({ level: line.level, time: new Date(line.at).toISOString(), event: line.event, ...line.fields });

  test.each<[object, boolean]>([
    [{}, true],
    [{ level: 'warn' }, true],
    [{ level: 'error' }, false],
    [{ event: 'node_paused' }, true],
    [{ event: 'node' }, false],
    [{ node_id: 'node-1' }, true],
    [{ node_id: 'node-2' }, false],
    [{ text: 'GRÖSSE' }, false],
    [{ text: 'größe "7"' }, true],
    [{ text: 'NODE_PAUSED' }, true],
    [{ text: '2023-11-14' }, true],
    [{ text: 'code gpu' }, true],
    [{ text: 'disk' }, false],
  ])('%j -> %s', (filters, expected) => {
    const query = logQuerySchema.parse(filters);
    expect(mayPass(raw, query) && passes(line, query)).toBe(expected);
  });

  test('a list of nodes -> a line about each of them', () => {
    expect(passes(logLine({ fields: { node_ids: ['a', 'b'] } }), logQuerySchema.parse({ node_id: 'b' }))).toBe(true);
  });
});

describe('pieces of a file', () => {
  test('older: whole lines, the newest first; an unfinished line is left out', () => {
    expect(olderLinesIn(bytes('one\ntwo\nthr'), 0)).toEqual({
      lines: [
        { start: 4, text: 'two' },
        { start: 0, text: 'one' },
      ],
      next: 0,
    });
  });

  test('older: the first line of a later piece -> for the piece before', () => {
    expect(olderLinesIn(bytes('ne\ntwo\n'), 101)).toEqual({ lines: [{ start: 104, text: 'two' }], next: 104 });
  });

  test('older: a line as long as the piece -> skipped', () => {
    expect(olderLinesIn(bytes('xxxxx\n'), 50)).toEqual({ lines: [], next: 50 });
    expect(olderLinesIn(bytes('xxxxx'), 50)).toEqual({ lines: [], next: 50 });
  });

  test('newer: whole lines with their ends, the rest later', () => {
    expect(newerLinesIn(bytes('äb\n\nc'), 10, 64)).toEqual({
      lines: [
        { start: 10, end: 14, text: 'äb' },
        { start: 14, end: 15, text: '' },
      ],
      next: 15,
    });
  });

  test('newer: a full piece without a line break -> skipped', () => {
    expect(newerLinesIn(bytes('xxxx'), 10, 4)).toEqual({ lines: [], next: 14 });
  });
});

test('cursor: text and back, unknown sources are left out', () => {
  expect(cursorText(parseCursor('app:3:120,scheduler:1:0,moon:1:1'))).toBe('app:3:120,scheduler:1:0');
});
