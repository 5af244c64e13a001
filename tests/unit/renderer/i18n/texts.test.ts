// When texts are loaded. Each test begins with modules that have loaded nothing.
import { beforeEach, expect, test, vi } from 'vitest';

const freshModules = async () => {
  vi.resetModules();
  return { texts: await import('../../../../src/renderer/i18n/texts'), i18n: await import('../../../../src/renderer/i18n/i18n') };
};
let { texts, i18n } = await freshModules();
beforeEach(async () => {
  ({ texts, i18n } = await freshModules());
});

test('first texts: shown at once; the later texts are added when a part needs them', async () => {
  await texts.loadTexts('zh-CN');
  const { t } = i18n.createI18n('zh-CN');
  expect([t('nav.logs'), t('logs.title'), texts.hasText('log_event', 'scheduler_listening')]).toEqual(['日志', 'logs.title', false]);
  await texts.loadLaterTexts();
  expect([t('nav.logs'), t('logs.title'), texts.hasText('log_event', 'scheduler_listening')]).toEqual(['日志', '日志', true]);
});

test('part that needs the later texts before the first texts are there: both are shown', async () => {
  const first = texts.loadTexts('en');
  await texts.loadLaterTexts();
  await first;
  const { t } = i18n.createI18n('en');
  expect([t('rail.overview'), t('members.title')]).toEqual(['Overview', 'Members']);
});

test('another language: all texts that were needed before are loaded in it', async () => {
  await texts.loadTexts('en');
  const instance = i18n.createI18n('en');
  await i18n.changeLanguage(instance, 'zh-CN', () => true);
  expect([instance.t('nav.logs'), instance.t('logs.title')]).toEqual(['日志', 'logs.title']);
  await texts.loadLaterTexts();
  await i18n.changeLanguage(instance, 'en', () => true);
  expect(instance.t('logs.title')).toBe('Logs');
});

test('another language after the later texts: shown with them', async () => {
  await texts.loadTexts('en');
  await texts.loadLaterTexts();
  const instance = i18n.createI18n('en');
  await i18n.changeLanguage(instance, 'zh-CN', () => true);
  expect(instance.t('logs.title')).toBe('日志');
});
