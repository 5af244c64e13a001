// The language of an error, by the client's Accept-Language.
import { expect, test } from 'vitest';
import { type Language, preferredLanguage } from '../../../src/shared/language';

test.each<[string | undefined, Language]>([
  [undefined, 'en'],
  ['', 'en'],
  ['en', 'en'],
  ['en-US,en;q=0.9', 'en'],
  ['zh', 'zh'],
  ['zh-CN', 'zh'],
  ['zh-Hans', 'zh'],
  ['zh-Hans-CN', 'zh'],
  ['zh-TW', 'zh'],
  ['ZH-cn', 'zh'],
  ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
  ['zh-CN,zh;q=0.9,en-US;q=0.8,en;q=0.7', 'zh'],
  ['en-US,en;q=0.9,zh-CN;q=0.8', 'en'],
  ['en;q=0.8,zh;q=0.9', 'zh'],
  ['en;q=0.9,zh;q=0.8', 'en'],
  ['zh,en', 'zh'],
  ['en,zh', 'en'],
  ['zh,en,zh-TW', 'zh'],
  ['en,zh,en-GB', 'en'],
  ['en;q=0.5,zh;q=0.5', 'en'],
  ['zh;q=0.5 , en;q=0.5', 'zh'],
  ['zh ; q=0.9', 'zh'],
  ['de,zh;q=0.5', 'zh'],
  ['de', 'en'],
  ['*', 'en'],
  ['*,zh;q=0.5', 'en'],
  ['zh,*;q=0.5', 'zh'],
  ['zh;q=0.4,*;q=0.5,en;q=0.1', 'zh'],
  ['zh;q=0', 'en'],
  ['zh;q=0,*', 'en'],
  ['zh;q=0.000', 'en'],
  ['zh;q=1.000', 'zh'],
  ['zh-CN;q=0,zh;q=0.2', 'zh'],
  ['en;q=0,zh;q=0.001', 'zh'],
  ['zh;q=2', 'en'],
  ['zh;q=high', 'en'],
  ['zh;q=0.1234', 'en'],
  ['zh;level=1', 'en'],
  ['zhx', 'en'],
  ['x-zh', 'en'],
  ['zh_CN', 'en'],
  [',,zh,', 'zh'],
  [';q=1', 'en'],
  ['中文', 'en'],
])('Accept-Language %j -> %s', (header, language) => {
  expect(preferredLanguage(header)).toBe(language);
});

test('Accept-Language of the maximum length -> parsed within 100 ms', () => {
  const startMonotonicMs = performance.now();
  expect(preferredLanguage(`${'a-'.repeat(8000)},zh`)).toBe('zh');
  expect(preferredLanguage(`${'de;q=0.1,'.repeat(1700)}zh`)).toBe('zh');
  expect(preferredLanguage(`zh${' '.repeat(16_000)}x`)).toBe('en');
  expect(performance.now() - startMonotonicMs).toBeLessThan(100);
});
