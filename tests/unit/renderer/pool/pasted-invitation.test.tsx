// A whole invitation in the field "Join link or address": its link is what counts.
import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { ok } from '../../../../src/shared/result';
import { agentView } from '../../../fixtures/app-states/agents';
import { appState } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const LINK = `muster://192.168.1.20:7080/join#pin=sha256-${'A'.repeat(43)}&key=mi_1`;
const TEXT = `You are invited to a pool.\n2. Open this link: ${LINK}\nThe same in a browser: ${LINK.replace('muster:', 'https:')}\nDashboard: https://192.168.1.20:7080`;

function open() {
  const { api } = show(appState({ agent: agentView({ link: { state: 'idle' }, node_status: null }) }), { page: 'pool' });
  api.answer('join.test', ok({ steps: [] }));
  return { api, field: screen.getByLabelText<HTMLInputElement>('Join link or address') };
}

test('a whole invitation is pasted -> the field shows its link; the link is tested; no key is asked for', async () => {
  const { api, field } = open();
  const user = userEvent.setup();
  await user.type(field, 'old');
  await user.paste(TEXT);
  expect(field.value).toBe(LINK);
  expect(screen.queryByLabelText('Invitation key')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Test connection' }));
  await waitFor(() => expect(api.userCalls).toEqual([{ name: 'join.test', params: { address: LINK } }]));
});

test('a text that came in another way, such as by a drag -> its link is joined', async () => {
  const { api, field } = open();
  // Browsers put spaces in place of the ends of lines.
  fireEvent.change(field, { target: { value: TEXT.replaceAll('\n', ' ') } });
  await userEvent.click(screen.getByRole('button', { name: 'Join…' }));
  expect(await screen.findByRole('dialog', { name: 'Join 192.168.1.20:7080?' })).toBeTruthy();
  expect(api.userCalls).toEqual([{ name: 'join.test', params: { address: LINK } }]);
});

test('an address, a link or a part of a link is pasted -> as it is, at the cursor', async () => {
  const { field } = open();
  const user = userEvent.setup();
  await user.type(field, '192.168.');
  await user.paste('1.20');
  expect(field.value).toBe('192.168.1.20');
  await user.clear(field);
  await user.paste(LINK);
  expect(field.value).toBe(LINK);
});
