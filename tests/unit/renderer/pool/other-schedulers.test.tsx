// The other schedulers of the joined pool, in the card of the membership.
import { expect, test } from 'vitest';
import { agentView, connected } from '../../../fixtures/app-states/agents';
import { appState, SITUATIONS } from '../../../fixtures/app-states/states';
import { joinedPool } from '../../../fixtures/app-states/pools';
import { show } from '../support/render-screen';

const OTHERS = ['wss://192.168.1.21:7080', 'wss://192.168.1.22:7080'];
const textWith = (otherUrls: readonly string[] | undefined): string => {
  const link = otherUrls === undefined ? connected : { ...connected, other_urls: [...otherUrls] };
  show(appState({ agent: agentView({ link }), pool: joinedPool() }), { page: 'pool' });
  return document.body.textContent.replaceAll('\u00a0', ' ');
};

test('pool of several schedulers: the address in use and the others', () => {
  const text = textWith(OTHERS);
  expect(text).toContain('The scheduler of this pool is at 192.168.1.20:7080.');
  expect(text).toContain('Other schedulers of this pool: 192.168.1.21:7080, 192.168.1.22:7080.');
});

test('none of them answers: they are tried in turn', () => {
  show(SITUATIONS.member_disconnected(), { page: 'pool' });
  expect(document.body.textContent).toContain(
    'Other schedulers of this pool: 192.168.1.21:7080, 192.168.1.22:7080. This computer tries all schedulers in turn.',
  );
});

test('pool of one scheduler: no others', () => {
  expect(textWith(undefined)).not.toContain('Other schedulers');
});
