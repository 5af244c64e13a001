// The question for a key, at the addresses of this computer and of another one.
import { act, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { show } from '../support/render-screen';

test.each([
  ['https://192.168.1.20:7080', true],
  ['http://127.0.0.1:7080', false],
  ['http://pool.localhost:7080', false],
])('unauthorized at %s -> another computer asks the host first, and the part for its owner is closed', (url, isElsewhere) => {
  const { api } = show(null, { url });
  act(() => api.emit.onConnection('unauthorized'));
  const ask = /^Ask the host for a link of “muster dashboard”, or for a key with the role Viewer/;
  expect(screen.queryByText(ask) !== null).toBe(isElsewhere);
  const command = screen.getByRole('button', { name: 'Copy: Run this on the host. It prints a link that opens the dashboard.' });
  const part = command.closest('details');
  expect(part === null ? null : part.open).toBe(isElsewhere ? false : null);
  const isBelow = (command.compareDocumentPosition(screen.getByLabelText('Key')) & Node.DOCUMENT_POSITION_PRECEDING) !== 0;
  expect(isBelow).toBe(isElsewhere);
});

test.each([
  [true, 1],
  [false, 0],
])('link with a code: refused %s -> said above the field for a key', async (refused, count) => {
  const codeRefused = Promise.resolve(refused);
  const { api } = show(null, { codeRefused });
  act(() => api.emit.onConnection('unauthorized'));
  await act(() => codeRefused);
  expect(screen.queryAllByText(/^The link is not valid any more\./)).toHaveLength(count);
});
