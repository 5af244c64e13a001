import { expect, test } from 'vitest';
import { OutsideLinks } from '../../../src/main/desktop/outside-links';
import type { Logger } from '../../../src/main/platform/logger';

const LINK = 'muster://lab-a:7080/join#key=mi_secret';
const OTHER = 'muster://lab-b:7080/join';

function deliver(links: OutsideLinks) {
  const [opened, refused, logged]: [string[], string[], unknown[]] = [[], [], []];
  const logger: Logger = { log: (...line: unknown[]) => void logged.push(line), isEnabled: () => true };
  links.deliverTo({ open: (link) => opened.push(link), refuse: (fault) => refused.push(fault) }, logger);
  return { opened, refused, logged };
}

test('link of the start -> delivered once the services are open; later links at once', () => {
  const links = new OutsideLinks(['muster', LINK]);
  const { opened } = deliver(links);
  expect(opened).toEqual([LINK]);
  links.addArguments(['muster', '--flag', OTHER]);
  links.addArguments(['muster']);
  links.add(LINK);
  expect(opened).toEqual([LINK, OTHER, LINK]);
});

test('several links before the services are open -> the newest one', () => {
  const links = new OutsideLinks(['muster', LINK]);
  links.add(OTHER);
  expect(deliver(links).opened).toEqual([OTHER]);
});

test('refused link -> log line with the reason and without the link, also when it waited', () => {
  const links = new OutsideLinks(['muster', `${LINK}${'x'.repeat(2000)}`]);
  const { opened, refused, logged } = deliver(links);
  links.add('https://lab-a/join#key=mi_secret');
  links.add('muster://lab-a/other#key=mi_secret');
  expect(opened).toEqual([]);
  expect(logged).toEqual(['too_long', 'scheme_unknown', 'not_a_join_link'].map((reason) => ['warn', 'link_ignored', { reason }]));
  expect(refused).toEqual(['too_long', 'scheme_unknown', 'not_a_join_link']);
});

test('long link that waits for the services -> stays too long', () => {
  const links = new OutsideLinks(['muster']);
  links.add(`muster://lab-a/join#x=${'x'.repeat(5000)}`);
  expect(deliver(links)).toEqual({ opened: [], refused: ['too_long'], logged: [['warn', 'link_ignored', { reason: 'too_long' }]] });
});

test('second start with a link without slashes -> refused with a reason', () => {
  const links = new OutsideLinks(['muster']);
  const { refused } = deliver(links);
  links.addArguments(['muster', 'muster:join']);
  expect(refused).toEqual(['not_a_join_link']);
});
