// Both catalogues keep to the glossary (docs/glossary.md) and to plain sentences. Each failure names the key.
import { describe, expect, test } from 'vitest';
import { en } from '../../../../src/renderer/i18n/en/index';
import { zhCn } from '../../../../src/renderer/i18n/zh-cn/index';
import { textsOf } from '../support/catalogue';

/** Patterns, matched on word boundaries whatever the case. The comment names the term to use instead. */
const BANNED_ENGLISH = [
  'anew', // again, reset
  'barren',
  'doors?', // access
  'faces?', // mode
  'found nobody', // no node can take the job
  'gives? back', // output
  'goodbye', // disconnect
  'in vain', // timed out
  'it helps', // name the action
  'keep contributing', // resume sharing
  'last words', // last log lines
  'nobody',
  'of it',
  'passed over', // missed
  'rooms?', // page, space
  'said',
  'says?', // reports
  'somebody',
  't(?:ake|aken) back', // resume, requeue
  'tells?', // reports
  'told',
  'ways?', // connection
  'what',
  'whoever',
  'wish(?:es|ed)?', // request
  'words?', // text, output
];

/** Chinese has no word boundaries: the texts are searched as they are. */
const BANNED_CHINESE = [
  '收尾', // 排空
  '告别', // 断开连接
  '绕过', // 错过
  '贡献', // 共享
  '被收回', // 重新排队
  '机主', // 节点所有者
  '控制台', // 管理页面
  '任务位', // 任务槽位
  '模型目录', // 模型文件夹
  '程序的说明', // 程序输出
  '无人可接', // 没有可用节点
  '最后的输出', // 最近的日志
  '运行方式', // 运行模式
  '应答', // 响应
];

interface Finding {
  readonly key: string;
  readonly found: string;
}

/** Placeholders and tags are no words. */
const bare = (text: string): string => text.replace(/\{\{\w+\}\}|<\/?b>/g, '');

function findingsIn(catalogue: object, patterns: readonly RegExp[]): Finding[] {
  return [...textsOf(catalogue)].flatMap(([key, text]) =>
    patterns.flatMap((pattern) => {
      const found = pattern.exec(bare(text))?.[0];
      return found === undefined ? [] : [{ key, found }];
    }),
  );
}

const english = BANNED_ENGLISH.map((pattern) => new RegExp(`\\b(?:${pattern})\\b`, 'i'));
const chinese = BANNED_CHINESE.map((pattern) => new RegExp(pattern));

/** Of text with its placeholders. A dot inside a name such as `config.toml` ends no sentence. */
const sentencesOf = (text: string): string[] => text.split(/(?<=[.?!;:])\s|(?<=[。；：？])/).filter((sentence) => sentence.trim() !== '');
const firstSentenceOf = (text: string): string => text.split(/(?<=[.?!])\s|(?<=[。？])/)[0] ?? '';

describe('banned words', () => {
  test('English catalogue: no banned word', () => {
    expect(findingsIn(en, english)).toEqual([]);
  });

  test('Chinese catalogue: no banned word', () => {
    expect(findingsIn(zhCn, chinese)).toEqual([]);
  });

  test.each([
    ['Count anew', 'anew'],
    ['Waited IN VAIN', 'IN VAIN'],
    ['Take back', 'Take back'],
    ['What the program said', 'said'],
    ['No room left', 'room'],
  ])('English: %j is found under its key', (text, found) => {
    expect(findingsIn({ page: { button: text } }, english)).toContainEqual({ key: 'page.button', found });
  });

  test.each(['Always on', 'Password', 'Surface', 'Whatever', 'Bathroom', '{{way}} is a placeholder'])('English: %j is allowed', (text) => {
    expect(findingsIn({ text }, english)).toEqual([]);
  });

  test.each([
    ['让节点收尾', '收尾'],
    ['任务位已满', '任务位'],
  ])('Chinese: %j is found under its key', (text, found) => {
    expect(findingsIn({ page: { button: text } }, chinese)).toEqual([{ key: 'page.button', found }]);
  });
});

describe('sentences', () => {
  test.each([
    ['English', en],
    ['Chinese', zhCn],
  ])('%s catalogue: codes, config keys and options follow after the first sentence', (_language, catalogue) => {
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
