// The page Usage of a host, and what its tests read on it.
import { screen, within } from '@testing-library/react';
import { ok } from '../../../../src/shared/result';
import { hosting } from '../../../fixtures/app-states/states';
import { keys } from '../../../fixtures/app-states/trust';
import { usageAnswer } from '../../../fixtures/app-states/usage';
import { show, type ShowOptions } from '../support/render-screen';

export const textOf = (element: Element | null): string => (element?.textContent ?? '').replaceAll(/[\u00a0\u202f]/g, ' ');

export async function open(options: ShowOptions = {}, state = hosting()) {
  const known = { 'keys.list': ok({ keys }), 'members.list': ok({ members: [] }) };
  const shown = show(state, { page: 'usage', ...options, answers: { ...known, ...options.answers } });
  await screen.findByRole('heading', { level: 1 });
  return shown;
}
export const queries = ({ api }: Awaited<ReturnType<typeof open>>): unknown[] =>
  api.calls.filter(({ name }) => name === 'pool.usage').map(({ params }) => params);
/** The table, when it has rows of this. */
export async function tableOf(subject: 'Key' | 'Model' | '密钥'): Promise<HTMLTableElement> {
  const header = await screen.findByRole('columnheader', { name: subject });
  const table = header.closest('table');
  if (table === null) throw new Error('no table');
  return table;
}
export const rowsOf = async (subject: 'Key' | 'Model') =>
  within(await tableOf(subject))
    .getAllByRole('row')
    .filter((row) => row.closest('tbody') !== null)
    .map((row) => within(row).getAllByRole('cell').map(textOf));
/** The sums below the rows, by column. Null: there are none. */
export async function totalsOf(subject: 'Key' | 'Model'): Promise<Record<string, string> | null> {
  const foot = (await tableOf(subject)).tFoot;
  if (foot === null) return null;
  return Object.fromEntries(
    within(foot)
      .getAllByRole('cell')
      .map((cell) => [cell.dataset['label'] ?? '', textOf(cell)]),
  );
}
export const linkOf = async (name: string) => (await screen.findByRole('link', { name })).getAttribute('href');

/** 150 keys, the first one with the most tokens; the last one has the most failures. */
export const manyKeys = () => {
  const week = usageAnswer({ by: 'key' });
  const [first] = week.rows;
  if (first === undefined) throw new Error('no rows');
  const rows = Array.from({ length: 150 }, (_, i) => ({
    ...first,
    id: `key-${String(i)}`,
    name: `team-${String(i)}`,
    output_tokens: 100_000 - i,
    failed: i === 149 ? 900 : 1,
  }));
  return ok({ ...week, rows });
};
