// Both catalogues keep to the glossary (docs/glossary.md) and to plain sentences. Each failure names the key.
import { describe, expect, test } from 'vitest';
import { en } from '../../../../src/renderer/i18n/en/index';
import { zhCn } from '../../../../src/renderer/i18n/zh-cn/index';
import { RULE_TEXTS } from '../../../../src/main/platform/config/texts/rules';
import { SCHEDULER_TEXTS } from '../../../../src/main/platform/config/texts/scheduler';
import { SERVER_TEXTS } from '../../../../src/main/platform/config/texts/server';
import { THIS_COMPUTER_TEXTS } from '../../../../src/main/platform/config/texts/this-computer';
import { KEY_PARTS, NAME_PARTS, PHRASES, replacedPartOf, SCREEN_PHRASES } from '../../../../scripts/eslint/replaced-words';
import { textsOf } from '../support/catalogue';

const PATTERNS = [...PHRASES, ...SCREEN_PHRASES].map(([pattern]) => pattern);

interface Finding {
  readonly key: string;
  readonly found: string;
}

/** Placeholders and tags are no words. */
const bare = (text: string): string => text.replace(/\{\{\w+\}\}|<\/?b>/g, '');

function findingsIn(catalogue: object): Finding[] {
  return [...textsOf(catalogue)].flatMap(([key, text]) =>
    PATTERNS.flatMap((pattern) => {
      const found = pattern.exec(bare(text))?.[0];
      return found === undefined ? [] : [{ key, found }];
    }),
  );
}

/** The text keeps its placeholders. A dot inside a name such as `config.toml` does not end a sentence. */
const sentencesOf = (text: string): string[] => text.split(/(?<=[.?!;:])\s|(?<=[。；：？])/).filter((sentence) => sentence.trim() !== '');
const firstSentenceOf = (text: string): string => text.split(/(?<=[.?!])\s|(?<=[。？])/)[0] ?? '';

describe('banned words', () => {
  test('English catalogue: no banned word', () => {
    expect(findingsIn(en)).toEqual([]);
  });

  test('Chinese catalogue: no banned word', () => {
    expect(findingsIn(zhCn)).toEqual([]);
  });

  test('settings: no banned word', () => {
    expect(findingsIn({ ...RULE_TEXTS, ...SCHEDULER_TEXTS, ...SERVER_TEXTS, ...THIS_COMPUTER_TEXTS })).toEqual([]);
  });

  const keysWithReplacedWord = (catalogue: object): string[] =>
    [...textsOf(catalogue)].map(([key]) => key).filter((key) => replacedPartOf(key, { ...NAME_PARTS, ...KEY_PARTS }) !== null);

  test('keys of both catalogues: no banned word', () => {
    expect([...keysWithReplacedWord(en), ...keysWithReplacedWord(zhCn)]).toEqual([]);
  });

  test.each(['show_words', 'way', 'finish', 'finishing', 'last_words', 'passed_over'])('key %s is found', (key) => {
    expect(keysWithReplacedWord({ page: { [key]: 'Text' } })).toEqual([`page.${key}`]);
  });

  test.each([
    ['Count anew', 'anew'],
    ['Waited IN VAIN', 'IN VAIN'],
    ['Take back', 'Take back'],
    ['What the program said', 'said'],
    ['No room left', 'room'],
  ])('English: %j is found under its key', (text, found) => {
    expect(findingsIn({ page: { button: text } })).toContainEqual({ key: 'page.button', found });
  });

  test.each(['Always on', 'Password', 'Surface', 'Whatever', 'Bathroom', '{{way}} is a placeholder'])('English: %j is allowed', (text) => {
    expect(findingsIn({ text })).toEqual([]);
  });

  test.each([
    ['让节点收尾', '收尾'],
    ['任务位已满', '任务位'],
    ['显卡 71%，上限 25%', '显卡 7'],
    ['3 个 GPU', '个 GPU'],
  ])('Chinese: %j is found under its key', (text, found) => {
    expect(findingsIn({ page: { button: text } })).toEqual([{ key: 'page.button', found }]);
  });
});

describe('sentences', () => {
  test.each([
    ['English', en],
    ['Chinese', zhCn],
  ])('%s catalogue: first sentence without codes, config keys and options', (_language, catalogue) => {
    const coded = [...textsOf(catalogue)].filter(([, text]) => /\b[a-z]+(?:_[a-z]+)+\b|(?:^|\s)--\w/.test(bare(firstSentenceOf(text))));
    expect(coded).toEqual([]);
  });

  test('English catalogue: at most 20 words in a sentence', () => {
    const long = [...textsOf(en)].filter(([, text]) => sentencesOf(text).some((sentence) => sentence.split(/\s+/).length > 20));
    expect(long).toEqual([]);
  });

  test('Chinese catalogue: full-width punctuation after a Chinese character, half-width digits, no space before %', () => {
    const wrong = [...textsOf(zhCn)].filter(([, text]) => /\p{Script=Han}[,;:!?.()]|[０-９]|\s%/u.test(text));
    expect(wrong).toEqual([]);
  });
});
