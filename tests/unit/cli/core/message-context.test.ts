// The language of messages, and the name of the program in them.
import { expect, test } from 'vitest';
import { Options } from '../../../../src/main/cli/command';
import { inLanguage, messageContextOf } from '../../../../src/main/cli/core/message-context';
import { reasonOf, STATUS_REASONS } from '../../../../src/shared/protocol/status';

test.each<[Record<string, string>, 'en' | 'zh']>([
  [{}, 'en'],
  [{ LANG: 'de_DE.UTF-8' }, 'en'],
  [{ LANG: 'zh_CN.UTF-8' }, 'zh'],
  [{ LANG: 'zh_CN.UTF-8', LC_MESSAGES: 'en_US.UTF-8' }, 'en'],
  [{ LANG: 'en_US.UTF-8', LC_MESSAGES: 'zh_TW' }, 'zh'],
  [{ LC_ALL: '', LANG: 'zh' }, 'zh'],
  [{ LC_ALL: 'C', LANG: 'zh_CN' }, 'en'],
])('language: %j -> %s', (env, language) => {
  expect(messageContextOf(env).language).toBe(language);
});

test.each<[Record<string, string>, string]>([
  [{}, 'muster'],
  [{ npm_package_name: 'muster', npm_lifecycle_event: 'muster' }, 'npm run -s muster --'],
  [{ npm_package_name: 'muster', npm_lifecycle_event: 'start' }, 'muster'],
  [{ npm_package_name: 'another', npm_lifecycle_event: 'muster' }, 'muster'],
])('program name: %j -> %s', (env, program) => {
  expect(messageContextOf(env).program).toBe(program);
});

test('suggested commands: same scheduler flags as this call', () => {
  const options = new Options({ url: 'http://gpu-box:7080', 'data-dir': "it's here", limit: '2' });
  expect(messageContextOf({}, options).schedulerFlags).toBe(" --data-dir 'it'\\''s here' --url http://gpu-box:7080");
  expect(messageContextOf({}).schedulerFlags).toBe('');
});

const { zh, en } = STATUS_REASONS.drain_requested;
test.each([
  ['a message in two languages', reasonOf('drain_requested'), en, zh],
  ['a message with numbers', '可用显卡：0/2 / 0 of 2 GPUs available', '0 of 2 GPUs available', '可用显卡：0/2'],
  ['one language', 'it broke', 'it broke', 'it broke'],
  ['a message with a path', 'no file / no folder', 'no file / no folder', 'no file / no folder'],
  ['Chinese alone', '北京 / 上海', '北京 / 上海', '北京 / 上海'],
])('one language: %s', (_title, message, english, chinese) => {
  expect([{}, { LANG: 'zh' }].map((env) => inLanguage(message, messageContextOf(env)))).toEqual([english, chinese]);
});
