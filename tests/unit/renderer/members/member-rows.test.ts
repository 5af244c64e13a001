import { describe, expect, test } from 'vitest';
import { filterCounts, memberRows, passesFilter } from '../../../../src/renderer/pages/members/member-rows';
import { HOUR, NOW } from '../../../fixtures/app-states/moment';
import { invites, inviteView, keys, keyView, members, memberView } from '../../../fixtures/app-states/trust';

const namesOf = (group: string, lists = { members, keys, invites }): (string | null)[] =>
  memberRows(lists, NOW)
    .filter((row) => row.group === group)
    .map(({ name }) => name);

test('rows: groups by role; valid ones by name, revoked ones last', () => {
  expect(namesOf('invitations')).toEqual(['Noa', null]);
  expect(namesOf('people')).toEqual([null, 'grafana', 'ren']);
  expect(namesOf('programs')).toEqual(['nightly-ocr', 'noor-phone', 'open-webui', 'old-script']);
  expect(namesOf('nodes')).toEqual(['alice-laptop', 'bob-tower', 'carol-workstation', 'dave-rig', 'kai-desktop', 'try-out', 'old-laptop']);
});

test.each([
  ['revoked', { revoked_at: NOW - 1 }],
  ['expired', { expires_at: NOW }],
  ['used up', { uses: 1, max_uses: 1 }],
])('rows: invitation that is %s -> no row', (_state, change) => {
  expect(namesOf('invitations', { members: [], keys: [], invites: [inviteView('one', change)] })).toEqual([]);
});

test('rows: member of an invitation -> the name of the invitation, also when it is used up', () => {
  const rows = memberRows({ members, keys, invites }, NOW);
  expect(rows.find(({ name }) => name === 'kai-desktop')?.added).toEqual({
    by: 'invitation',
    atWallMs: NOW - 29.5 * 24 * HOUR,
    name: 'Kai',
  });
  expect(rows.find(({ name }) => name === 'bob-tower')?.added).toMatchObject({ by: 'digits', name: null });
});

describe('filters', () => {
  const rows = memberRows({ members, keys, invites }, NOW);

  test('counts of the groups agree with the number of rows; revoked ones count twice', () => {
    expect(filterCounts(rows)).toEqual({ invitations: 2, people: 3, programs: 4, nodes: 7, revoked: 2 });
    expect(rows).toHaveLength(16);
  });

  test('revoked -> of all groups', () => {
    expect(rows.filter((row) => passesFilter(row, 'revoked')).map(({ name }) => name)).toEqual(['old-laptop', 'old-script']);
  });
});

test('rows: 4,000 members and keys -> each with its own row id', () => {
  const many = Array.from({ length: 4000 }, (_, index) => memberView(`node-${String(index)}`));
  const rows = memberRows({ members: many, keys: [keyView('node-1', { id: 'member-node-1' })], invites: [] }, NOW);
  expect(new Set(rows.map(({ rowId }) => rowId)).size).toBe(4002);
});
