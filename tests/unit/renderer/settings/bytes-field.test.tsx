// A number of bytes: readable while it is shown, plain while it is typed.
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { ok } from '../../../../src/shared/result';
import { hosting } from '../../../fixtures/app-states/states';
import { settingsView } from '../../../fixtures/app-states/settings';
import { show } from '../support/render-screen';

test('bytes -> thousands marks until the field has the focus; left unchanged -> nothing is sent', async () => {
  const view = settingsView();
  const setting = view.settings.find(({ unit, value }) => unit === 'bytes' && typeof value === 'number' && value > 9999);
  if (setting === undefined) throw new Error('no setting in bytes');
  const plain = String(setting.value);
  const { api } = show(hosting(), { page: `settings/${setting.section}`, answers: { 'settings.list': ok(view) } });
  const field = await screen.findByRole<HTMLInputElement>('textbox', { name: setting.title.en });
  const marked = Number(plain).toLocaleString('en');
  expect(field.value).toBe(marked);
  await userEvent.click(field);
  expect(field.value).toBe(plain);
  await userEvent.keyboard('1{Escape}');
  expect(field.value).toBe(plain);
  await userEvent.tab();
  expect([field.value, api.userCalls]).toEqual([marked, []]);
  await userEvent.clear(field);
  await userEvent.type(field, `${plain}{Enter}`);
  expect(api.userCalls).toEqual([]);
});
