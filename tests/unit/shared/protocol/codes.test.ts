// The words of the error catalogue: one language each, and both on the node socket.
import { expect, test } from 'vitest';
import { APP_ERRORS } from '../../../../src/shared/api/app-api';
import { type ErrorCode, HTTP_ERRORS, messageIn, messageOf, NODE_ERRORS } from '../../../../src/shared/protocol/codes';

const isChinese = (text: string): boolean => /\p{Script=Han}/u.test(text);
const codes = Object.keys({ ...NODE_ERRORS, ...HTTP_ERRORS }) as ErrorCode[];

test.each(codes)('%s -> English has no Chinese, Chinese has no second language beside it', (code) => {
  const [en, zh] = [messageIn(code, 'en'), messageIn(code, 'zh')];
  expect([isChinese(en), isChinese(zh), zh.includes(' / ')]).toEqual([false, true, false]);
  expect(messageOf(code)).toBe(`${zh} / ${en}`);
});

test('the failures of the app -> one language each', () => {
  for (const { en, zh } of Object.values(APP_ERRORS)) expect([isChinese(en), isChinese(zh)]).toEqual([false, true]);
});
