import { expect, test } from 'vitest';
import { helpHash } from '../../../../src/main/desktop/core/help-hash';
import { parseRoute } from '../../../../src/renderer/routes';

const AT = 'app://muster/app.html';

test.each([
  ['problem', `${AT}#/nodes`, '#/logs'],
  ['about', AT, '#/settings/about'],
  ['shortcuts', AT, '#/?dialog=shortcuts'],
  ['shortcuts', `${AT}#/nodes/n%201?search=a+b&sort=-name`, '#/nodes/n%201?search=a+b&sort=-name&dialog=shortcuts'],
  ['shortcuts', `${AT}#/nodes?dialog=shortcuts`, '#/nodes?dialog=shortcuts'],
] as const)('%s at %s -> %s', (item, url, expected) => {
  expect(helpHash(item, url)).toBe(expected);
});

test('shortcuts -> the route of the page, with the dialog', () => {
  expect(parseRoute(helpHash('shortcuts', `${AT}#/nodes/n1?search=a+b`))).toMatchObject({
    page: 'nodes',
    id: 'n1',
    search: 'a b',
    dialog: 'shortcuts',
  });
});
