// HAProxy with a certificate of its own, which ends TLS in front of a member: a node and a client that trust its CA reach the pool through it.
// A join link does not lead through it, because its pin is that of the pool.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthority, createAuthorityKey, createServerCertificate } from '../../src/main/trust/certificates';
import { clusterEnv, startMember } from '../support/cluster-lab';
import { TestPostgres } from '../support/postgres';
import { requirePostgres, requirePrograms, skipNote } from '../support/requirements';
import { reservePort } from '../support/reserved-port';
import { useLab } from '../support/use-lab';

const [haproxy, postgres] = [requirePrograms('load balancer', ['haproxy', 'setpriv'], 'haproxy util-linux'), requirePostgres()];
const missing = haproxy.missing ?? postgres.missing;
const LIMIT_MS = 30_000;
const lab = useLab();

/** HTTP, with TLS at both sides. */
const configuration = (front: number, member: number): string => `defaults
  mode http
  timeout connect 2s
  timeout client 1h
  timeout server 1h
  timeout tunnel 1h
frontend pool
  bind 127.0.0.1:${String(front)} ssl crt ${path.join(lab().folder, 'balancer.pem')}
  default_backend schedulers
backend schedulers
  option httpchk
  http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host localhost hdr Connection close
  http-check expect status 200
  server a 127.0.0.1:${String(member)} check check-ssl ssl verify none inter 500ms
`;

describe.skipIf(missing !== undefined)(`load balancer with a certificate${skipNote(missing === undefined ? {} : { missing })}`, () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await TestPostgres.start();
  });
  afterAll(() => server?.remove());

  test(
    'address without a pin, trusted CA -> node ready, nodes listed; join link -> refused',
    async () => {
      const [front, back] = await Promise.all([reservePort(), reservePort()]);
      const file = (name: string, text: string): string => {
        const target = path.join(lab().folder, name);
        writeFileSync(target, text, { mode: 0o600 });
        return target;
      };
      const ca = await createAuthority(await createAuthorityKey(), Date.now());
      const { key, cert } = await createServerCertificate(ca, ['localhost'], Date.now());
      file('balancer.pem', cert + key);
      const trust = { NODE_EXTRA_CA_CERTS: file('balancer-ca.pem', ca.cert) };
      const env = { ...clusterEnv(server, await server.newDatabase()), MUSTER_SERVER_ALLOWED_HOSTS: 'localhost' };
      const dataDir = lab().dataDir('a', '', { models: false });
      const member = startMember(lab(), env, { name: 'a', dataDir, host: '0.0.0.0', port: back.port });
      await member.line('cluster_leads');
      const balancer = ['--pdeathsig', 'KILL', haproxy.path ?? '', '-db', '-f', file('haproxy.cfg', configuration(front.port, back.port))];
      lab().own(spawn('setpriv', balancer));

      const invited = await lab().run(['invite', '--json', '--url', `http://127.0.0.1:${String(back.port)}`, '--data-dir', dataDir]);
      const { link } = JSON.parse(invited.stdout) as { readonly link: string };
      const { hash } = new URL(link);
      const invitation = file('invitation', /key=([^&]+)/.exec(hash)?.[1] ?? '');
      const address = ['--scheduler', `wss://localhost:${String(front.port)}`, '--token-file', invitation];
      const node = lab().start(['agent', ...address, '--data-dir', lab().dataDir('node'), '--simulate-gpu', 'RTX 4090:24'], trust);
      await node.line('node_status_received', { status: 'ready' });

      const nodes = ['nodes', '--json', '--url', `https://localhost:${String(front.port)}`, '--data-dir', dataDir];
      const listed = await lab().run(nodes, trust);
      expect(listed).toMatchObject({ code: 0 });
      expect(JSON.parse(listed.stdout)).toMatchObject({ nodes: [{ status: 'ready', online: true }] });

      const through = `muster://localhost:${String(front.port)}/join${hash}`;
      const refused = await lab().run(['join', through, '--data-dir', lab().dataDir('other', '', { models: false })], trust);
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toContain('not_the_pool');
      for (const each of [front, back]) each.release();
    },
    LIMIT_MS * 3,
  );
});
