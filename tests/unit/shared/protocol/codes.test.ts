// Messages of the error catalogue: one language each, and both on the node socket.
import { expect, test } from 'vitest';
import { type ErrorCode, HTTP_ERRORS, messageIn, messageOf, NODE_ERRORS } from '../../../../src/shared/protocol/codes';
import { APP_ERROR_TEXTS } from '../../../../src/shared/reasons/errors';

const isChinese = (text: string): boolean => /\p{Script=Han}/u.test(text);
const codes = Object.keys({ ...NODE_ERRORS, ...HTTP_ERRORS }) as ErrorCode[];

test.each(codes)('error message: %s -> one language alone, and both in the bilingual text', (code) => {
  const [en, zh] = [messageIn(code, 'en'), messageIn(code, 'zh')];
  expect([isChinese(en), isChinese(zh), zh.includes(' / ')]).toEqual([false, true, false]);
  expect(messageOf(code)).toBe(`${zh} / ${en}`);
});

test('error message: failures of the app -> one language each', () => {
  for (const { en, zh } of Object.values(APP_ERROR_TEXTS)) expect([isChinese(en), isChinese(zh)]).toEqual([false, true]);
});
