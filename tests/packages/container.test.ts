// The image of deploy/ is built and run with the compose file: by podman, on a base image without a registry.
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/paths.mjs';
import { Containers, PROGRAM_BASE, requireContainers } from '../support/packages/containers';
import { VERSION } from '../support/packages/package-files';
import { skipNote } from '../support/requirements';
import { reservePort, type ReservedPort } from '../support/reserved-port';
import { until } from '../support/until';

const { missing } = requireContainers();

describe.skipIf(missing)(`container${skipNote({ missing })}`, () => {
  let containers: Containers;
  let reserved: ReservedPort;
  let compose: (...args: readonly string[]) => string;
  let name: string;
  let address: string;

  beforeAll(async () => {
    expect(existsSync(path.join(projectRoot, 'out-cli', 'muster')), 'out-cli is missing: npm run build:cli').toBe(true);
    containers = new Containers();
    reserved = await reservePort();
    address = `http://127.0.0.1:${String(reserved.port)}`;
    // Only the address differs from the compose file: the port of the test, and no network.
    const command = JSON.stringify(['scheduler', '--host', '127.0.0.1', '--port', String(reserved.port), '--data-dir', '/var/lib/muster']);
    const own = path.join(containers.folder, 'own.yaml');
    writeFileSync(own, `services: { scheduler: { command: ${command} } }\n`);
    const files = ['-p', 'muster-test', '-f', path.join(projectRoot, 'deploy', 'compose.yaml'), '-f', own];
    compose = (...args) => containers.run('podman-compose', ...files, ...args);
    compose('build', '--build-arg', `BASE=${containers.importBase(PROGRAM_BASE)}`);
    compose('up', '--detach', '--no-build');
    name = containers.run('podman', 'ps', '--quiet').trim();
  }, 900_000);
  afterAll(() => {
    containers.close();
    reserved.release();
  });

  const inspect = (format: string): string => containers.run('podman', 'inspect', name, '--format', format).trim();
  const healthy = () =>
    fetch(`${address}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );

  test('image: the version of the command line', () => {
    expect(containers.run('podman', 'run', '--rm', '--pull', 'never', 'muster-scheduler', '--version')).toBe(`${VERSION}\n`);
  });

  test('image: the licences of its parts', () => {
    const list = containers.run(
      'podman',
      'run',
      '--rm',
      '--pull',
      'never',
      '--entrypoint',
      'ls',
      'muster-scheduler',
      '/opt/muster/licences',
    );
    expect(list.trim().split('\n')).toEqual(['LICENSE.node.txt', 'LICENSE.txt', 'LICENSES.dependencies.txt']);
  });

  test('compose up -> the scheduler answers and shows its dashboard', async () => {
    await until('the scheduler', healthy, 60_000);
    expect(await (await fetch(`${address}/`)).text()).toContain('<title>Muster</title>');
  });

  test('health check: passes while the scheduler answers', () => {
    expect(containers.try('podman', 'healthcheck', 'run', name)).toMatchObject({ code: 0 });
  });

  test('rights: no root, no capabilities, a root folder that cannot be written', () => {
    expect(inspect('{{.Config.User}} {{.HostConfig.ReadonlyRootfs}} {{.EffectiveCaps}}')).toBe('10001:10001 true []');
    const status = containers.run('podman', 'exec', name, 'cat', '/proc/1/status');
    expect(status).toMatch(/^Uid:\s+10001\s/m);
    expect(status).toMatch(/^CapBnd:\s+0+$/m);
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(containers.try('podman', 'exec', name, 'touch', '/opt/muster/new').code).not.toBe(0);
  });

  test('restart -> the same owner key, from the volume', async () => {
    const key = () => containers.run('podman', 'exec', name, 'sha256sum', '/var/lib/muster/admin-token');
    const before = key();
    containers.run('podman', 'restart', '--time', '20', name);
    await until('the scheduler', healthy, 60_000);
    expect(key()).toBe(before);
  });

  test('log: no link that signs in', () => {
    const { stdout, stderr } = containers.try('podman', 'logs', name);
    expect(stdout).toContain('scheduler_listening');
    expect(`${stdout}${stderr}`).not.toMatch(/#code=|Dashboard:/);
  });

  test('stop -> in order, exit code 0', () => {
    containers.run('podman', 'stop', '--time', '20', name);
    expect(inspect('{{.State.ExitCode}}')).toBe('0');
    expect(containers.run('podman', 'logs', name).trim().split('\n').at(-1)).toContain('"event":"stopped"');
  });
});
