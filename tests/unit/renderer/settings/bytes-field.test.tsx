// A large number: readable while it is shown, plain while it is typed.
import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { ok } from '../../../../src/shared/result';
import { hosting } from '../../../fixtures/app-states/states';
import { settingsView } from '../../../fixtures/app-states/settings';
import type { SettingUnit, SettingView } from '../../../../src/shared/api/settings';
import { roundAmountOf } from '../../../../src/renderer/labels/setting-labels';
import { show } from '../support/render-screen';

const view = settingsView();
const largeIn = (unit: SettingUnit | null): SettingView => {
  const found = view.settings.find((each) => each.unit === unit && typeof each.value === 'number' && each.value > 999 && !isPort(each));
  if (found === undefined) throw new Error(`no large number in ${unit ?? 'pieces'}`);
  return found;
};
const isPort = ({ key }: SettingView): boolean => key.endsWith('port');

test.each(['bytes', 'seconds', null] as const)(
  'number in %s -> readable until the field has the focus; left unchanged -> nothing is sent',
  async (unit) => {
    const setting = largeIn(unit);
    const plain = String(setting.value);
    const { api } = show(hosting(), { page: `settings/${setting.section}`, answers: { 'settings.list': ok(view) } });
    const field = await screen.findByRole<HTMLInputElement>('textbox', { name: setting.title.en });
    // A round number of bytes or seconds is in a larger unit until the field has the focus.
    const marked = (roundAmountOf(unit, Number(plain))?.amount ?? Number(plain)).toLocaleString('en');
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
  },
);

test('large number reached with Tab -> selected, so that typed digits replace the value', async () => {
  const setting = largeIn(null);
  const { api } = show(hosting(), { page: `settings/${setting.section}`, answers: { 'settings.list': ok(view) } });
  const field = await screen.findByRole<HTMLInputElement>('textbox', { name: setting.title.en });
  // The browser selects the text of a field that Tab reaches.
  field.select();
  act(() => field.focus());
  const changed = String(Number(setting.value) + 1);
  await userEvent.keyboard(`${changed}{Enter}`);
  expect(api.userCalls.at(-1)).toEqual({ name: 'settings.set', params: { key: setting.key, value: Number(changed), with: [] } });
});

test('port -> without thousands marks', async () => {
  const setting = view.settings.find(({ key }) => key === 'server.port');
  if (setting === undefined) throw new Error('no port');
  show(hosting(), { page: `settings/${setting.section}`, answers: { 'settings.list': ok(view) } });
  const field = await screen.findByRole<HTMLInputElement>('textbox', { name: setting.title.en });
  expect(field.value).toBe(String(setting.value));
});
