// The permission table, as a whole value: a change of a right must be made here, too.
import { describe, expect, test } from 'vitest';
import { POOL_RIGHTS } from '../../../../src/shared/api/pool-access';
import { ROLES } from '../../../../src/shared/api/members';
import { grantOf, loopbackGrantOf, RIGHTS, type RightName } from '../../../../src/main/scheduler/members/core/permissions';
import { OWNER, type Principal, rightsOf } from '../../../../src/main/scheduler/members/core/principal';

const EXPECTED: Readonly<Record<RightName, string>> = {
  //             node client viewer operator owner | open loopback, loopback with keys
  read_pool: 'all all all all all | all -',
  read_session: 'all all all all all | all -',
  read_nodes: 'limited limited all all all | limited -',
  read_models: 'all all all all all | all -',
  explain: '- all all all all | all -',
  submit_jobs: '- all - all all | all -',
  read_jobs: 'own own no_contents all all | own -',
  follow_jobs: '- own - all all | own -',
  cancel_jobs: '- own - all all | own -',
  make_keys: '- own - own all | - -',
  be_a_node: 'all - - - all | all -',
  read_metrics: '- - all all all | all all',
  view: '- - all all all | - -',
  read_contents: '- - - all all | - -',
  operate: '- - - all all | - -',
  manage: '- - - - all | - -',
};

describe('rights', () => {
  test.each(Object.entries(EXPECTED))('%s: %s', (name, expected) => {
    const right = name as RightName;
    const byRole = ROLES.map((role) => grantOf(right, [role]) ?? '-').join(' ');
    const loopback = [true, false].map((isOpen) => loopbackGrantOf(right, isOpen) ?? '-').join(' ');
    expect(`${byRole} | ${loopback}`).toBe(expected);
  });

  test('every right is in the table', () => {
    expect(Object.keys(RIGHTS).sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  test('rights of a caller: those of each role, in full or in part', () => {
    const caller = (kind: Principal['kind'], roles: Principal['roles']): Principal => ({ ...OWNER, kind, roles });
    expect(rightsOf(caller('member', ['node']))).toEqual([
      'read_pool',
      'read_session',
      'read_nodes',
      'read_models',
      'read_jobs',
      'be_a_node',
    ]);
    expect(rightsOf(OWNER)).toEqual(POOL_RIGHTS);
    expect(rightsOf(null)).toEqual([]);
    expect(rightsOf(caller('invite', ['node', 'client']))).toEqual([]);
    // A key of a program makes no others.
    for (const roles of [['client'], ['operator'], ['node', 'client']] as const)
      expect((['member', 'key'] as const).map((kind) => rightsOf(caller(kind, roles)).includes('make_keys'))).toEqual([true, false]);
    expect(rightsOf(caller('key', ['owner']))).toEqual(POOL_RIGHTS);
  });

  test.each([
    [['client', 'viewer'], 'no_contents'],
    [['viewer', 'client'], 'no_contents'],
    [['client', 'operator'], 'all'],
    [['node', 'client'], 'own'],
    [[], null],
  ] as const)('several roles %j, read_jobs -> %s', (roles, grant) => {
    expect(grantOf('read_jobs', roles)).toBe(grant);
  });
});
