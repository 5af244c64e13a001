import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { SITUATIONS } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

test('failing model, zh-CN: the text of a code is in the language of the screen', async () => {
  show(SITUATIONS.failing_model(), { page: 'computer', language: 'zh-CN' });
  expect(await screen.findAllByText('最近的错误：模型服务无响应')).toHaveLength(2);
});

const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');

test('failing model -> not ready in the checks, among the models and at the foot; the next steps', async () => {
  show(SITUATIONS.failing_model(), { page: 'computer' });
  const hero = await screen.findByRole('region', { name: 'Status of this computer' });
  expect(within(hero).getByRole('link', { name: 'nllb-200-en-zh' }).getAttribute('href')).toBe('#/models/nllb-200-en-zh');
  expect(within(hero).getByRole('link', { name: 'Show failed jobs' }).getAttribute('href')).toMatch(/^#\/jobs\?status=failed/);
  expect(textOf(screen.getByRole('navigation', { name: 'Checks' }))).toContain('1 of 5 ready, 1 damaged, 2 failing');
  const models = within(screen.getByRole('region', { name: 'Models here' }));
  const rows = models.getAllByRole('listitem').map(textOf);
  expect(rows.find((row) => row.startsWith('nllb-200-en-zh'))).toMatch(/Failing$/);
  expect(rows.find((row) => row.startsWith('whisper-large-v3'))).toMatch(/Failing$/);
  // The hero has said when they get jobs again.
  expect(textOf(hero)).toMatch(/no jobs until \d\d:\d\d/);
  expect(textOf(hero)).toContain('one job will test it');
  expect(screen.getByRole('link', { name: '2 models fail repeatedly' })).toBeTruthy();
});

test('failing model, page Models and drawer of the node -> failing, not ready', async () => {
  show(SITUATIONS.failing_model(), { page: 'models/nllb-200-en-zh' });
  expect(textOf(await screen.findByRole('dialog', { name: 'nllb-200-en-zh' }))).toMatch(/Failing ?Last error: .* · no jobs until/);
});
