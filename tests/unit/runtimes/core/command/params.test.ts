import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillIn, placeholdersOf } from '../../../../../src/main/runtimes/core/command/command-spec';
import { accepts, isText } from '../../../../../src/main/runtimes/core/command/content-types';
import { type ParamSpec, paramValues } from '../../../../../src/main/runtimes/core/command/params';

type Value = string | number | boolean;
const word: ParamSpec = { pattern: '[A-Za-z-]+' };

describe('paramValues', () => {
  test.each<[string, ParamSpec, Value | undefined, string]>([
    ['matches its whole pattern', word, 'en-us', 'en-us'],
    ['in its list', { enum: ['slow', '-x'] }, '-x', '-x'],
    ['at the end of its range', { min: -1, max: 2 }, 2, '2'],
    ['below zero, allowed by the range', { min: -1, max: 2 }, -1, '-1'],
    ['absent -> default', { enum: ['a'], default: 'a' }, undefined, 'a'],
    ['absent -> default number', { min: 0, max: 1, default: 0.5 }, undefined, '0.5'],
    ['leading dash, allowed by the owner', { pattern: '-[a-z]', leading_dash: true }, '-v', '-v'],
    ['dash inside', { pattern: '.*' }, 'a-v', 'a-v'],
    ['shell characters, allowed by the pattern', { pattern: '.*' }, '$(reboot); `id` | x > y', '$(reboot); `id` | x > y'],
    ['line end, allowed by the pattern', { pattern: '[^]*' }, 'a\nb', 'a\nb'],
    ['boolean in its list', { enum: ['true'] }, true, 'true'],
  ])('accepted: %s', (_title, spec, value, expected) => {
    const outcome = paramValues({ x: spec }, value === undefined ? {} : { x: value });
    expect(outcome.ok && Object.fromEntries(outcome.value)).toEqual({ x: expected });
  });

  test.each<[string, ParamSpec, Value | undefined, string]>([
    ['absent without a default', word, undefined, 'missing'],
    ['longer than its pattern', word, 'en;reboot', 'not_allowed'],
    ['line end after the pattern', word, 'en\n', 'not_allowed'],
    ['second line that matches the pattern', word, 'en\nde', 'not_allowed'],
    ['leading dash', word, '--config', 'leading_dash'],
    ['only a dash', { pattern: '.*' }, '-', 'leading_dash'],
    ['NUL, any pattern', { pattern: '[^]*' }, 'a\0b', 'control_character'],
    ['not in its list', { enum: ['a'] }, 'A', 'not_allowed'],
    ['above its range', { min: 0, max: 2 }, 2.1, 'out_of_range'],
    ['number as a string', { min: 0, max: 2 }, '1', 'not_a_number'],
    ['not an integer', { min: 0, max: 2, integer: true }, 1.5, 'not_a_number'],
    ['infinite', { min: 0, max: 2 }, Infinity, 'not_a_number'],
  ])('refused: %s', (_title, spec, value, reason) => {
    expect(paramValues({ x: spec }, value === undefined ? {} : { x: value })).toEqual({ ok: false, error: { param: 'x', reason } });
  });

  test.each(['y', '__proto__', 'constructor', 'toString'])('refused: not declared (%s)', (name) => {
    const given = JSON.parse(`{"${name}":"v"}`) as Record<string, string>;
    expect(paramValues({}, given)).toEqual({ ok: false, error: { param: name, reason: 'unknown' } });
  });

  test('declared under a name of Object.prototype -> still required', () => {
    expect(paramValues({ constructor: word }, {})).toEqual({ ok: false, error: { param: 'constructor', reason: 'missing' } });
  });
});

describe('argument', () => {
  test('placeholders are replaced once: text in a value is not a placeholder', () => {
    const values = new Map([
      ['input', '{output}'],
      ['output', 'o'],
      ['param.x', '{param.y} $& $1'],
      ['param.y', 'y'],
    ]);
    expect(fillIn('{param.x}|{input}|{output}|{other}', values)).toBe('{param.y} $& $1|{output}|o|{other}');
    expect(placeholdersOf('{param.x}{input}{ input }{param.}')).toEqual(['param.x', 'input']);
  });

  test('any value -> one argument', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, value) => {
        fc.pre(placeholdersOf(before).length === 0);
        expect(fillIn(`${before}{param.x}`, new Map([['param.x', value]]))).toBe(before + value);
      }),
    );
  });
});

describe('content type', () => {
  test.each<[readonly string[], string, boolean]>([
    [['text/plain'], 'text/plain', true],
    [['text/plain'], 'Text/Plain; charset=utf-8', true],
    [['text/plain; charset=utf-8'], 'text/plain', true],
    [['audio/*'], 'audio/wav', true],
    [['audio/*'], 'audiobook/wav', false],
    [['*/*'], 'image/png', true],
    [['text/plain'], 'text/html', false],
    [['text/plain'], '', false],
  ])('%j accepts %s: %s', (accepted, contentType, expected) => {
    expect(accepts(accepted, contentType)).toBe(expected);
  });

  test('isText: by its family', () => {
    expect(['text/plain', 'TEXT/html;x', 'audio/wav', 'application/json'].map(isText)).toEqual([true, true, false, false]);
  });
});
