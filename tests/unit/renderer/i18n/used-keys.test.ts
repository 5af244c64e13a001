// Finds texts that no screen shows, because translating and reviewing them is useless work.
import { describe, expect, test } from 'vitest';
import { en } from '../../../../src/renderer/i18n/en/index';
import { textsOf } from '../support/catalogue';
import { collectNames, namesBelow, unusedKeys } from '../support/key-usage';

test('English catalogue: the renderer uses every key', () => {
  const unused = unusedKeys([...textsOf(en).keys()], namesBelow('src/renderer'), ['src/shared', 'src/main'].map(namesBelow));
  expect(unused).toEqual([]);
});

describe('a key is unused', () => {
  const unused = (keys: readonly string[], renderer: string, main = ''): string[] =>
    unusedKeys(keys, collectNames(renderer), [collectNames(main)]);

  test('when no source has it', () => {
    expect(unused(['page.title', 'page.old'], `t('page.title')`)).toEqual(['page.old']);
  });

  test('in all its plural forms', () => {
    expect(unused(['page.n_one', 'page.n_other', 'page.m_one', 'page.m_other'], `t('page.n', { count })`)).toEqual([
      'page.m_one',
      'page.m_other',
    ]);
  });

  test('when a template could build it, but no source names the code', () => {
    const keys = ['status.ready.title', 'status.gone.title'];
    expect(unused(keys, 't(`status.${status}.title`)', `const STATUSES = ['ready'];`)).toEqual(['status.gone.title']);
  });

  test('when its group is looked up by code, but no source names or builds the code', () => {
    const keys = ['cause.refused', 'cause.http_503', 'cause.moon_phase'];
    expect(unused(keys, `labels.code('cause', cause)`, 'const causes = { refused: 1, busy: `http_${status}` };')).toEqual([
      'cause.moon_phase',
    ]);
  });

  test('when only a comment or a type has it', () => {
    expect(unused(['page.title'], "// t('page.title')\ntype Key = `page.${string}`;")).toEqual(['page.title']);
  });
});
