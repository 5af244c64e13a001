// The bound on the structure of JSON: what real programs send passes, and whatever passes is cheap.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { jobSubmissionSchema } from '../../../../src/shared/api/job';
import { decodeNodeMessage, parseJsonObject, validate } from '../../../../src/shared/protocol/decode';
import { jsonFaultOf } from '../../../../src/shared/protocol/json-structure';
import { MAX_JSON_COST, MAX_JSON_DEPTH } from '../../../../src/shared/protocol/limits';
import { chatBodySchema } from '../../../../src/main/scheduler/api/openai/core/request-bodies';
import { brokenFrame, SAMPLES } from '../../../support/broken-frames';
import { cpuMsOf } from '../../../support/turns';

const bounds = { maxDepth: MAX_JSON_DEPTH, maxCost: MAX_JSON_COST };
const many = <Value>(count: number, of: (i: number) => Value): Value[] => Array.from({ length: count }, (_, i) => of(i));

describe('structure', () => {
  it.each<[string, unknown]>([
    ['a chat of 20,000 messages', { messages: many(20_000, (i) => ({ role: 'user', content: `message ${String(i)}` })) }],
    ['embeddings: 512 vectors of 768 numbers', { data: many(512, () => ({ embedding: many(768, () => -0.012345678) })) }],
    ['an input of 500,000 tokens', { input: many(500_000, (i) => i % 50_000) }],
    [
      'a stream of 16,000 events',
      { events: many(16_000, (i) => ({ id: 'chat-1', model: 'm', choices: [{ index: 0, delta: { content: ` w${String(i % 9000)}` } }] })) },
    ],
    ['one text of 16 MB', { text: 'x'.repeat(16_000_000) }],
    ['a text with 2,000,000 escapes', { text: '"\n'.repeat(1_000_000) }],
    [
      'a pretty-printed object',
      { tools: many(500, (i) => ({ type: 'function', name: `f${String(i)}`, parameters: { type: 'object', properties: {} } })) },
    ],
  ])('structure: %s -> accepted', (_title, value) => {
    expect(jsonFaultOf(JSON.stringify(value), bounds)).toBeNull();
    expect(jsonFaultOf(JSON.stringify(value, null, 2), { ...bounds, maxCost: 2 * MAX_JSON_COST })).toBeNull();
  });

  it.each([
    ['objects', () => `[${'{},'.repeat(300_000)}1]`],
    ['arrays', () => `[${'[],'.repeat(300_000)}1]`],
    ['different names', () => `{${many(50_000, (i) => `"k${String(i)}":1`).join()}}`],
    ['different strings', () => `[${many(150_000, (i) => `"s${String(i)}"`).join()}]`],
    ['numbers', () => `[${'1,'.repeat(800_000)}1]`],
    ['digits', () => `[${'1'.repeat(2_000_000)}]`],
    ['white space', () => `${' '.repeat(2_000_000)}{}`],
    ['half surrogate pairs', () => `{"a":"${'\\uD800'.repeat(800_000)}"}`],
  ])('structure: too many %s -> refused', (_title, text) => {
    expect(jsonFaultOf(text(), bounds)).toBe('too_complex');
  });

  it.each([
    ['commas', `{"a":"${',{}[]:'.repeat(1_000_000)}"}`],
    ['escaped quotes', `{"a":"${'\\"'.repeat(1_000_000)}"}`],
    ['escaped backslashes', `{"a":"${'\\\\'.repeat(1_000_000)}"}`],
    ['escapes and letters', `{"a":"${'x\\"'.repeat(1_000_000)}"}`],
    ['rare escapes', `{"a":"${`${'x'.repeat(40)}\\"[`.repeat(1000)}"}`],
  ])('structure: %s inside a string -> not counted', (_title, text) => {
    expect(jsonFaultOf(text, { maxDepth: 2, maxCost: 100 })).toBeNull();
  });

  it('structure: equal names cost less than different ones, also with the same beginning', () => {
    const objects = (name: (i: number) => string): string => `[${many(1000, (i) => `{"${name(i)}":1}`).join()}]`;
    const limit = { maxDepth: 4, maxCost: 8000 };
    expect(
      jsonFaultOf(
        objects(() => 'name'),
        limit,
      ),
    ).toBeNull();
    expect(
      jsonFaultOf(
        objects((i) => `name${String(i)}`),
        limit,
      ),
    ).toBe('too_complex');
  });
});

/** 50 ms on a quiet machine. */
const MAX_CPU_MS = 100;
const BODY_BYTES = 12_000_000;

/** A short piece of JSON, repeated up to the largest body: what an attacker would look for. `#` becomes a number. */
const piece = fc.oneof(
  fc.constantFrom(
    '{}',
    '[]',
    '1',
    '""',
    '"#"',
    '"a#"',
    '{"a":#}',
    '{"#":#}',
    '{"a":{"b":{"c":[#]}}}',
    '-0.12345678901234567',
    '1e300',
    'null',
    '"\\u4f60"',
    '"\\ud800"',
    ' # ',
    `"${'x\\"'.repeat(1000)}"`,
    `"${`${'x'.repeat(40)}\\n`.repeat(100)}"`,
  ),
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
  fc
    .array(fc.constantFrom('"#"', '{"role":"user","content":"#"}', '[#]', '{"a#":"b#"}', '   ', '"\\n\\"#"'), {
      minLength: 1,
      maxLength: 4,
    })
    .map((parts) => parts.join()),
);

function filled(prefix: string, part: string, suffix: string): string {
  const count = Math.floor(BODY_BYTES / (part.length + 6));
  return Buffer.from(`${prefix}${many(count, (i) => part.replaceAll('#', String(i))).join()}${suffix}`).toString();
}

test('structure: a body of repeated pieces -> check and parsing take less than 50 ms each, nothing is thrown', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(piece, fc.constantFrom('messages', 'prompt', 'gpus', 'installed_models', 'data'), (part, field) => {
      const text = filled(`{"model":"x","type":"node_heartbeat","${field}":[`, part, ']}');
      expect(cpuMsOf(() => jsonFaultOf(text, bounds))).toBeLessThan(MAX_CPU_MS);
      const parsed = parseJsonObject(text);
      if (!parsed.ok) return;
      expect(cpuMsOf(() => validate(parsed.value, chatBodySchema))).toBeLessThan(MAX_CPU_MS);
      expect(cpuMsOf(() => validate({ task: parsed.value }, jobSubmissionSchema))).toBeLessThan(MAX_CPU_MS);
      expect(cpuMsOf(() => decodeNodeMessage(text))).toBeLessThan(2 * MAX_CPU_MS);
    }),
    { numRuns: 25 },
  );
});

test.each(Object.entries(SAMPLES))(
  'structure: any change of a %s -> decoded or refused within 50 ms, nothing is thrown',
  (_type, sample) => {
    fc.assert(
      fc.property(brokenFrame(sample), (text) => {
        const before = process.threadCpuUsage();
        const decoded = decodeNodeMessage(text);
        const { user, system } = process.threadCpuUsage(before);
        expect((user + system) / 1000).toBeLessThan(MAX_CPU_MS);
        if (!decoded.ok) expect(decoded.error.reason.length).toBeLessThanOrEqual(512);
      }),
      { numRuns: 1000 },
    );
  },
);
