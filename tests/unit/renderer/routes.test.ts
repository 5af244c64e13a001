import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hrefOf, PAGES, parseRoute, type Route } from '../../../src/renderer/routes';

const NOTHING: Route = {
  page: null,
  id: null,
  search: '',
  sort: null,
  status: null,
  state: null,
  filters: [],
  group: null,
  columns: null,
  dialog: null,
};

describe('parseRoute', () => {
  test.each<[string, Partial<Route>]>([
    ['', {}],
    ['#', {}],
    ['#/', {}],
    ['#/nowhere', {}],
    ['#/constructor', {}],
    ['#nodes', {}],
    ['#/nodes', { page: 'nodes' }],
    ['#/nodes/', { page: 'nodes' }],
    ['#/nodes/node-1', { page: 'nodes', id: 'node-1' }],
    ['#/jobs/job%207%2Fx', { page: 'jobs', id: 'job 7/x' }],
    ['#/jobs/a/b', { page: 'jobs', id: 'a/b' }],
    ['#/nodes?search=rtx%204090&sort=-status', { page: 'nodes', search: 'rtx 4090', sort: { column: 'status', descending: true } }],
    ['#/nodes/n?sort=name', { page: 'nodes', id: 'n', sort: { column: 'name', descending: false } }],
    ['#/jobs?status=failed', { page: 'jobs', status: 'failed' }],
    ['#/jobs?status=lost&sort=&search=', { page: 'jobs' }],
    ['#/jobs?sort=-', { page: 'jobs' }],
    ['#/nodes?state=busy', { page: 'nodes', state: 'busy' }],
    ['#/nodes?state=refused', { page: 'nodes' }],
    [
      '#/nodes?filter=tag:lab&filter=gpu:RTX+4090&filter=&filter=x&filter=a%20b:c',
      {
        page: 'nodes',
        filters: [
          { key: 'tag', value: 'lab' },
          { key: 'gpu', value: 'RTX 4090' },
        ],
      },
    ],
    ['#/nodes?group=state&columns=name+gpu+%3Cx%3E', { page: 'nodes', group: 'state', columns: ['name', 'gpu'] }],
    ['#/nodes?group=a+b&columns=', { page: 'nodes', columns: [] }],
  ])('%j', (hash, route) => {
    expect(parseRoute(hash)).toEqual({ ...NOTHING, ...route });
  });

  test.each(['#/nodes/%E0', '#/jobs/%', '#/nodes/%E0%A4%A'])('malformed id %s -> the page without a drawer', (hash) => {
    expect(parseRoute(hash)).toMatchObject({ page: hash.slice(2, hash.indexOf('/', 2)), id: null });
  });

  test('malformed query -> read as far as it is well formed', () => {
    expect(parseRoute('#/nodes?search=%E0&sort=name')).toMatchObject({ page: 'nodes', sort: { column: 'name', descending: false } });
  });

  test('overlong parts are cut', () => {
    const route = parseRoute(`#/jobs/${'x'.repeat(5000)}?search=${'y'.repeat(5000)}`);
    expect([route.id?.length, route.search.length]).toEqual([256, 256]);
    const { filters, columns } = parseRoute(`#/nodes?columns=${'a+'.repeat(999)}${`&filter=a:${'y'.repeat(999)}`.repeat(99)}`);
    expect([filters.length, filters[0]?.value.length, columns?.length]).toEqual([16, 256, 40]);
  });

  test('total: any string is a route', () => {
    const isRoute = (hash: string): boolean => {
      const { page, id, search } = parseRoute(hash);
      return (page === null || PAGES.includes(page)) && (id === null || id.length <= 256) && search.length <= 256;
    };
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => isRoute(`#/${text}`)));
    fc.assert(fc.property(fc.stringMatching(/^[#/%?&=a-zA-Z0-9-]*$/), isRoute));
  });
});

describe('hrefOf', () => {
  test.each<[Parameters<typeof hrefOf>[0], string]>([
    [{ page: 'computer' }, '#/computer'],
    [{ page: 'nodes', id: null }, '#/nodes'],
    [{ page: 'nodes', id: 'node-1' }, '#/nodes/node-1'],
    [{ page: 'jobs', id: 'job 7/x?y#z' }, '#/jobs/job%207%2Fx%3Fy%23z'],
    [{ page: 'jobs', status: 'failed' }, '#/jobs?status=failed'],
    [{ page: 'nodes', state: 'busy' }, '#/nodes?state=busy'],
    [
      { page: 'nodes', filters: [{ key: 'tag', value: 'a:b&c' }], group: 'state', columns: ['name', 'gpu'] },
      '#/nodes?group=state&columns=name+gpu&filter=tag%3Aa%3Ab%26c',
    ],
    [{ page: 'nodes', id: 'n', search: 'a b', sort: { column: 'status', descending: true } }, '#/nodes/n?search=a+b&sort=-status'],
  ])('%j -> %s', (route, href) => {
    expect(hrefOf(route)).toBe(href);
  });

  test('round trip: parseRoute(hrefOf(route)) is the route', () => {
    const word = fc.stringMatching(/^[a-z_]{1,20}$/);
    const route: fc.Arbitrary<Route & { page: (typeof PAGES)[number] }> = fc.record({
      page: fc.constantFrom(...PAGES),
      id: fc.option(fc.string({ minLength: 1, maxLength: 256, unit: 'grapheme-ascii' })),
      search: fc.string({ maxLength: 256, unit: 'grapheme-ascii' }),
      sort: fc.option(fc.record({ column: word, descending: fc.boolean() })),
      status: fc.constantFrom(null, 'queued' as const, 'failed' as const),
      state: fc.constantFrom(null, 'busy' as const, 'offline' as const),
      filters: fc.array(fc.record({ key: word, value: fc.string({ minLength: 1, maxLength: 256, unit: 'grapheme-ascii' }) }), {
        maxLength: 16,
      }),
      group: fc.option(word),
      columns: fc.option(fc.array(word, { maxLength: 40 })),
      dialog: fc.constantFrom(null, 'shortcuts' as const),
    });
    fc.assert(
      fc.property(route, (given) => {
        expect(parseRoute(hrefOf(given))).toEqual(given);
      }),
    );
  });
});
