// The names of models in the configuration.
import { describe, expect, test } from 'vitest';
import { aliasesOf, aliasFault, MAX_ALIAS_TARGETS, modelNames, parseAlias } from '../../../src/shared/model-aliases';

describe('an entry', () => {
  test.each<readonly [string, ReturnType<typeof parseAlias>]>([
    ['gpt-4o-mini=qwen2.5:7b', { name: 'gpt-4o-mini', model: 'qwen2.5:7b' }],
    [' gpt 4 = org/model:Q4_K_M ', { name: 'gpt 4', model: 'org/model:Q4_K_M' }],
    ['a=b=c', { name: 'a', model: 'b=c' }],
    ['a', null],
    ['=b', null],
    ['a=', null],
    ['a\nc=b', null],
    [`${'a'.repeat(257)}=b`, null],
  ])('%j -> %j', (text, entry) => {
    expect(parseAlias(text)).toEqual(entry);
  });
});

describe('entries together', () => {
  test.each<readonly [string, readonly string[], ReturnType<typeof aliasFault>]>([
    ['no entries', [], null],
    ['an alias and its fallbacks', ['a=m', 'a=n', 'b=m'], null],
    ['a model with fallbacks', ['m=m', 'm=n'], null],
    ['a fallback to the rule', ['a=m', 'a=auto'], { at: 1, reason: 'auto is the name of a rule: name a model' }],
    ['the name of the rule', ['a=m', 'auto=m'], { at: 1, reason: 'auto is the name of a rule: choose another name' }],
    ['an alias of an alias', ['a=b', 'b=m'], { at: 0, reason: 'b is an alias: name the model itself' }],
    ['a loop', ['a=b', 'b=a'], { at: 0, reason: 'b is an alias: name the model itself' }],
    ['a model twice', ['a=m', 'b=m', 'a=m'], { at: 2, reason: 'a has m twice' }],
    [
      'too many models',
      Array.from({ length: MAX_ALIAS_TARGETS + 1 }, (_, at) => `a=m${String(at)}`),
      { at: MAX_ALIAS_TARGETS, reason: 'a has more than 8 models' },
    ],
  ])('%s', (_title, texts, fault) => {
    expect(aliasFault(texts)).toEqual(fault);
  });

  test('the models of a name are in the order of their entries', () => {
    expect([...aliasesOf(['a=m', 'b=m', 'a=n'])]).toEqual([
      ['a', ['m', 'n']],
      ['b', ['m']],
    ]);
  });
});

test('the names of a model: those of aliases; a name that an alias takes; a model that is the first of its own name', () => {
  const namesOf = modelNames(aliasesOf(['gpt=m', 'other=m', 'taken=m', 'own=own', 'own=m']));
  expect(namesOf('m')).toEqual({ aliases: ['gpt', 'other', 'taken', 'own'] });
  expect(namesOf('taken')).toEqual({ replaced_by: 'm' });
  expect(namesOf('own')).toEqual({});
  expect(namesOf('unknown')).toEqual({});
});
