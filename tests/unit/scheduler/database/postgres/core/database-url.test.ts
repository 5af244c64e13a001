import { describe, expect, test } from 'vitest';
import {
  type DatabaseTarget,
  describeTarget,
  parseDatabaseUrl,
} from '../../../../../../src/main/scheduler/database/postgres/core/database-url';
import { fail, ok } from '../../../../../../src/shared/result';

const local: DatabaseTarget = {
  hosts: [{ host: 'localhost', port: 5432 }],
  user: 'muster',
  password: null,
  database: 'muster',
  tlsMode: 'disable',
  caFile: null,
};
const remote: DatabaseTarget = { ...local, hosts: [{ host: 'db.example', port: 5432 }], tlsMode: 'verify-full' };

describe('database URL', () => {
  test.each<[url: string, target: DatabaseTarget]>([
    ['postgres://muster@localhost/muster', local],
    ['postgresql://muster@localhost:5433/muster', { ...local, hosts: [{ host: 'localhost', port: 5433 }] }],
    ['postgres://muster:p%40ss:word@localhost/muster', { ...local, password: 'p@ss:word' }],
    ['postgres://muster:@localhost/muster', { ...local, password: '' }],
    ['postgres://db%20user@localhost/a%2Fb', { ...local, user: 'db user', database: 'a/b' }],
    ['postgres://muster@[::1]:5433/muster', { ...local, hosts: [{ host: '::1', port: 5433 }] }],
    ['postgres://muster@/muster?host=/run/postgresql', { ...local, hosts: [{ host: '/run/postgresql', port: 5432 }] }],
    ['postgres://muster@db.example/muster', remote],
    ['postgres://muster@db.example/muster?sslmode=disable', { ...remote, tlsMode: 'disable' }],
    ['postgres://muster@db.example/muster?sslmode=require', { ...remote, tlsMode: 'require' }],
    [
      'postgres://muster@db.example/muster?sslmode=verify-ca&sslrootcert=/etc/ca.pem',
      { ...remote, tlsMode: 'verify-ca', caFile: '/etc/ca.pem' },
    ],
    ['postgres://muster@db.example/muster?sslrootcert=/etc/ca.pem', { ...remote, caFile: '/etc/ca.pem' }],
    [
      'postgres://muster@127.0.0.1,db2.example:5433/muster',
      {
        ...remote,
        hosts: [
          { host: '127.0.0.1', port: 5432 },
          { host: 'db2.example', port: 5433 },
        ],
      },
    ],
  ])('%s', (url, target) => {
    expect(parseDatabaseUrl(url)).toEqual(ok(target));
  });

  test.each([
    ['mysql://muster@localhost/muster', 'form'],
    ['postgres://muster@localhost', 'form'],
    ['postgres://muster@localhost/muster#x', 'form'],
    ['', 'form'],
    ['postgres://localhost/muster', 'user'],
    ['postgres://:password@localhost/muster', 'user'],
    ['postgres://muster:%zz@localhost/muster', 'user'],
    ['postgres://muster@localhost/', 'database'],
    ['postgres://muster@/muster', 'host'],
    ['postgres://muster@localhost,/muster', 'host'],
    ['postgres://muster@::1/muster', 'host'],
    ['postgres://muster@localhost/muster?host=/run/postgresql', 'host'],
    ['postgres://muster@/muster?host=db.example', 'host'],
    ['postgres://muster@localhost:0/muster', 'port'],
    ['postgres://muster@localhost:65536/muster', 'port'],
    ['postgres://muster@localhost:/muster', 'port'],
    ['postgres://muster@localhost/muster?sslmode=prefer', 'sslmode'],
    ['postgres://muster@localhost/muster?sslrootcert=/ca.pem', 'sslrootcert'],
    ['postgres://muster@db.example/muster?sslrootcert=', 'sslrootcert'],
    ['postgres://muster@localhost/muster?target_session_attrs=any', 'parameter'],
    ['postgres://muster@localhost/muster?sslmode=disable&sslmode=require', 'parameter'],
  ] as const)('%s -> wrong %s', (url, part) => {
    expect(parseDatabaseUrl(url)).toEqual(fail(part));
  });

  test('description: hosts and database, no user and no password', () => {
    const parsed = parseDatabaseUrl('postgres://muster:secret@[::1]:5433,db.example/pool');
    expect(parsed.ok && describeTarget(parsed.value)).toBe('[::1]:5433,db.example:5432/pool');
  });
});
