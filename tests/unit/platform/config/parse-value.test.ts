import { expect, test } from 'vitest';
import { parseValueText } from '../../../../src/main/platform/config/parse-value';

const ALIASES = 'scheduler.openai.model_aliases';

test.each([
  ['items between commas', 'a=b, c=d', ['a=b', 'c=d']],
  ['a list of JSON', '["a=b","c=d"]', ['a=b', 'c=d']],
  ['a list of JSON with spaces and a comma in an item', ' [ "a=b,c" ] ', ['a=b,c']],
  ['an empty list of JSON', '[]', []],
  ['nothing', '', []],
])('list as text: %s -> its items', (_form, text, items) => {
  expect(parseValueText(ALIASES, text)).toEqual({ ok: true, value: items });
});

test('list as text: an address in brackets -> an item, not JSON', () => {
  expect(parseValueText('server.allowed_hosts', '[::1],a.example.org')).toEqual({ ok: true, value: ['[::1]', 'a.example.org'] });
});

test.each(['["a=b"', "['a=b']", '["a=b", 1]'])('list as text: %s -> refused, with both forms', (text) => {
  expect(parseValueText(ALIASES, text)).toEqual({
    ok: false,
    error: 'expected items between commas, such as a,b, or a list of JSON, such as ["a", "b"]',
  });
});
