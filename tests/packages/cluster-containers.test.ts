// deploy/cluster runs as its README says: by podman, in a network of its own, with stand-ins for the images of registries.
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/paths.mjs';
import { NetLab } from '../support/net-lab';
import { Containers, PROGRAM_BASE, requireContainers, SERVERS_BASE } from '../support/packages/containers';
import { requireNamespaces, skipNote } from '../support/requirements';
import { until } from '../support/until';

const missing = requireContainers().missing ?? requireNamespaces().missing;
const PROJECT = 'muster-cluster';
const OFFICIAL = ['docker.io/library/postgres:17', 'docker.io/library/nats:2.12', 'docker.io/library/haproxy:3.2'];
const LIMIT_MS = 60_000;
/** The storage of podman may copy the files of each container. */
const UP_LIMIT_MS = 200_000;

interface Status {
  readonly leader: string | null;
  readonly members: readonly unknown[];
}

describe.skipIf(missing)(`cluster in containers${skipNote({ missing })}`, () => {
  let lab: NetLab;
  let containers: Containers;
  let folder: string;

  beforeAll(async () => {
    expect(existsSync(path.join(projectRoot, 'out-cli', 'muster')), 'out-cli is missing: npm run build:cli').toBe(true);
    lab = await NetLab.open();
    containers = new Containers(lab);
    cpSync(path.join(projectRoot, 'deploy'), path.join(containers.folder, 'deploy'), { recursive: true });
    folder = path.join(containers.folder, 'deploy', 'cluster');
    makeSecrets();
    const dockerfile = path.join(projectRoot, 'deploy', 'Containerfile');
    const base = `BASE=${containers.importBase(PROGRAM_BASE)}`;
    containers.run(
      'podman',
      'build',
      '-q',
      '-t',
      'muster-scheduler',
      '--build-arg',
      base,
      '-f',
      dockerfile,
      path.join(projectRoot, 'out-cli'),
    );
    makeStandIns();
    await up();
  }, 900_000);
  afterAll(async () => {
    containers?.close();
    await lab?.close();
  });

  /** The commands of the README, in its order. */
  function makeSecrets(): void {
    const text = readFileSync(path.join(folder, 'README.md'), 'utf8');
    const password = /`(install -d -m 711 secrets[^`]*)`/.exec(text)?.[1];
    const bus = /```sh\n([^`]*)```/.exec(text)?.[1];
    if (password === undefined || bus === undefined) throw new Error('the README has other steps');
    containers.run('sh', '-ec', `cd ${folder}\n${password.replaceAll('\n', ' ')}\n${bus}`);
  }

  function makeStandIns(): void {
    const servers = path.join(containers.folder, 'servers');
    cpSync(path.join(import.meta.dirname, '../support/packages/stand-in-servers.sh'), path.join(servers, 'entry'));
    writeFileSync(
      path.join(servers, 'Containerfile'),
      `FROM ${containers.importBase(SERVERS_BASE)}\nCOPY entry /entry\nENTRYPOINT ["bash", "/entry"]\n`,
    );
    containers.run('podman', 'build', '-q', ...OFFICIAL.flatMap((image) => ['-t', image]), servers);
  }

  const nameOf = (service: string): string => `${PROJECT}_${service}_1`;

  /** Without systemd, podman runs no health check by itself. The schedulers start when the database is healthy. */
  async function up(): Promise<void> {
    const compose = ['-p', PROJECT, '-f', path.join(folder, 'compose.yaml'), 'up', '--detach', '--no-build'];
    let ended = false;
    const started = containers.start({ MUSTER_HOST: 'pool.example' }, 'podman-compose', ...compose).finally(() => (ended = true));
    await until(
      'the containers',
      () => {
        if (!ended) containers.try('podman', 'healthcheck', 'run', nameOf('postgres'));
        return ended;
      },
      UP_LIMIT_MS,
    );
    await started;
  }

  const ask = (route: string): string => containers.try('curl', '-sk', '-m', '5', `https://127.0.0.1:7080${route}`).stdout;
  const isReady = (): boolean => ask('/readyz').includes('"ready"');

  function statusOf(asked: string): Status {
    const program = ['/opt/muster/muster', 'cluster', 'status', '--json', '--data-dir', '/var/lib/muster'];
    const { code, stdout } = containers.try('podman', 'exec', nameOf(asked), ...program);
    return code === 0 ? (JSON.parse(stdout) as Status) : { leader: null, members: [] };
  }

  test('the load balancer passes requests to a pool with two members', async () => {
    await until('the load balancer', isReady, LIMIT_MS);
    await until('both members', () => statusOf('scheduler-a').members.length === 2, LIMIT_MS);
    expect(['a', 'b']).toContain(statusOf('scheduler-b').leader);
  });

  test('no secret in the logs', () => {
    const secrets = ['database-password', 'bus-credentials'].map((name) => readFileSync(path.join(folder, 'secrets', name), 'utf8').trim());
    for (const service of ['scheduler-a', 'scheduler-b', 'bus', 'balancer']) {
      const { stdout, stderr } = containers.try('podman', 'logs', nameOf(service));
      expect(secrets.filter((secret) => `${stdout}${stderr}`.includes(secret.split('=').at(-1) ?? ''))).toEqual([]);
    }
  });

  test('container of the leader killed -> the other one leads, requests are answered', async () => {
    const { leader } = statusOf('scheduler-a');
    const other = leader === 'a' ? 'b' : 'a';
    containers.run('podman', 'kill', '--signal', 'KILL', nameOf(`scheduler-${leader ?? ''}`));
    await until('the next leader', () => statusOf(`scheduler-${other}`).leader === other, LIMIT_MS);
    await until('the load balancer', isReady, LIMIT_MS);
  });
});
