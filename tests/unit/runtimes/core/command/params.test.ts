import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillIn, placeholdersOf } from '../../../../../src/main/runtimes/core/command/arguments';
import { accepts, isText } from '../../../../../src/main/runtimes/core/command/content';
import { paramValues } from '../../../../../src/main/runtimes/core/command/params';
import type { ParamSpec } from '../../../../../src/main/runtimes/core/command/param-spec';

type Value = string | number | boolean;
const word: ParamSpec = { pattern: '[A-Za-z-]+' };

describe('a parameter', () => {
  test.each<[string, ParamSpec, Value | undefined, string]>([
    ['that matches its whole pattern', word, 'en-us', 'en-us'],
    ['of a list', { enum: ['slow', '-x'] }, '-x', '-x'],
    ['at the end of its range', { min: -1, max: 2 }, 2, '2'],
    ['below zero, where the range allows it', { min: -1, max: 2 }, -1, '-1'],
    ['that is left out has its default', { enum: ['a'], default: 'a' }, undefined, 'a'],
    ['that is left out has its default number', { min: 0, max: 1, default: 0.5 }, undefined, '0.5'],
    ['with a dash, where the owner allows one', { pattern: '-[a-z]', leading_dash: true }, '-v', '-v'],
    ['with a dash inside', { pattern: '.*' }, 'a-v', 'a-v'],
    ['that a shell would read, where the pattern allows it', { pattern: '.*' }, '$(reboot); `id` | x > y', '$(reboot); `id` | x > y'],
    ['with a line end, where the pattern allows it', { pattern: '[^]*' }, 'a\nb', 'a\nb'],
    ['that says true', { enum: ['true'] }, true, 'true'],
  ])('%s is taken', (_what, spec, value, expected) => {
    const outcome = paramValues({ x: spec }, value === undefined ? {} : { x: value });
    expect(outcome.ok && Object.fromEntries(outcome.value)).toEqual({ x: expected });
  });

  test.each<[string, ParamSpec, Value | undefined, string]>([
    ['that is needed and left out', word, undefined, 'missing'],
    ['that holds more than its pattern', word, 'en;reboot', 'not_allowed'],
    ['with a line end after what its pattern allows', word, 'en\n', 'not_allowed'],
    ['with a second line that its pattern would allow', word, 'en\nde', 'not_allowed'],
    ['that would be an option', word, '--config', 'leading_dash'],
    ['that is a dash alone', { pattern: '.*' }, '-', 'leading_dash'],
    ['with a NUL, whatever the pattern', { pattern: '[^]*' }, 'a\0b', 'control_character'],
    ['not in its list', { enum: ['a'] }, 'A', 'not_allowed'],
    ['above its range', { min: 0, max: 2 }, 2.1, 'out_of_range'],
    ['that is a number in words', { min: 0, max: 2 }, '1', 'not_a_number'],
    ['that is no whole number', { min: 0, max: 2, integer: true }, 1.5, 'not_a_number'],
    ['that is infinite', { min: 0, max: 2 }, Infinity, 'not_a_number'],
  ])('%s is refused', (_what, spec, value, reason) => {
    expect(paramValues({ x: spec }, value === undefined ? {} : { x: value })).toEqual({ ok: false, error: { param: 'x', reason } });
  });

  test.each(['y', '__proto__', 'constructor', 'toString'])('that the owner did not declare (%s) is refused', (name) => {
    const given = JSON.parse(`{"${name}":"v"}`) as Record<string, string>;
    expect(paramValues({}, given)).toEqual({ ok: false, error: { param: name, reason: 'unknown' } });
  });

  test('that is declared under a name every object has is still asked for', () => {
    expect(paramValues({ constructor: word }, {})).toEqual({ ok: false, error: { param: 'constructor', reason: 'missing' } });
  });
});

describe('an argument', () => {
  test('is filled in once: what a value holds is no placeholder', () => {
    const values = new Map([
      ['input', '{output}'],
      ['output', 'o'],
      ['param.x', '{param.y} $& $1'],
      ['param.y', 'y'],
    ]);
    expect(fillIn('{param.x}|{input}|{output}|{other}', values)).toBe('{param.y} $& $1|{output}|o|{other}');
    expect(placeholdersOf('{param.x}{input}{ input }{param.}')).toEqual(['param.x', 'input']);
  });

  test('stays one argument whatever is filled in', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, value) => {
        fc.pre(placeholdersOf(before).length === 0);
        expect(fillIn(`${before}{param.x}`, new Map([['param.x', value]]))).toBe(before + value);
      }),
    );
  });
});

describe('a content type', () => {
  test.each<[readonly string[], string, boolean]>([
    [['text/plain'], 'text/plain', true],
    [['text/plain'], 'Text/Plain; charset=utf-8', true],
    [['text/plain; charset=utf-8'], 'text/plain', true],
    [['audio/*'], 'audio/wav', true],
    [['audio/*'], 'audiobook/wav', false],
    [['*/*'], 'image/png', true],
    [['text/plain'], 'text/html', false],
    [['text/plain'], '', false],
  ])('%j takes %s: %s', (accepted, contentType, taken) => {
    expect(accepts(accepted, contentType)).toBe(taken);
  });

  test('is text when its family is', () => {
    expect(['text/plain', 'TEXT/html;x', 'audio/wav', 'application/json'].map(isText)).toEqual([true, true, false, false]);
  });
});
