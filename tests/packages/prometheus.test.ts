// A real Prometheus reads a scheduler with the files of deploy/: it evaluates each alert and each query of the dashboard.
import { spawn } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/paths.mjs';
import { MusterLab, type MusterProcess } from '../support/muster-process';
import { requireProgram, skipNote } from '../support/requirements';
import { reservePort, type ReservedPort } from '../support/reserved-port';
import { until } from '../support/until';

const { missing, path: program = '' } = requireProgram('prometheus', 'prometheus');
const deploy = path.join(projectRoot, 'deploy');

interface Rule {
  readonly name: string;
  readonly health: string;
  readonly state: string;
}
interface Panel {
  readonly targets?: readonly { readonly expr: string }[];
}

describe.skipIf(missing)(`Prometheus${skipNote({ missing })}`, () => {
  const lab = new MusterLab();
  let ports: readonly ReservedPort[];
  let scheduler: MusterProcess;
  let onHost: readonly string[];
  let address: string;

  beforeAll(async () => {
    ports = await Promise.all([reservePort(), reservePort()]);
    const [schedulerPort = '', ownPort = ''] = ports.map(({ port }) => String(port));
    const folder = lab.dataDir('pool', '', { models: false });
    scheduler = lab.start(['scheduler', '--data-dir', folder, '--port', schedulerPort]);
    onHost = ['--data-dir', folder];
    await scheduler.url();
    const config = path.join(lab.folder, 'prometheus');
    cpSync(path.join(deploy, 'prometheus'), config, { recursive: true });
    // The port of the test, and a second instead of minutes.
    const text = readFileSync(path.join(config, 'prometheus.yml'), 'utf8');
    const changed = text.replace('127.0.0.1:7080', `127.0.0.1:${schedulerPort}`).replace('15s', '1s\n  evaluation_interval: 1s');
    writeFileSync(path.join(config, 'prometheus.yml'), changed);
    address = `http://127.0.0.1:${ownPort}`;
    const args = [
      `--config.file=${config}/prometheus.yml`,
      `--storage.tsdb.path=${lab.folder}/tsdb`,
      `--web.listen-address=127.0.0.1:${ownPort}`,
    ];
    lab.own(spawn(program, args, { stdio: 'ignore' }));
  });
  afterAll(async () => {
    await lab.close();
    for (const port of ports) port.release();
  });

  async function ask<Data>(route: string): Promise<Data | null> {
    const response = await fetch(`${address}/api/v1/${route}`).catch(() => null);
    // Prometheus answers 503 while it starts.
    if (response === null || response.status === 503) return null;
    const { status, data, error } = (await response.json()) as { readonly status: string; readonly data: Data; readonly error?: string };
    if (status !== 'success') throw new Error(`${route}: ${String(error)}`);
    return data;
  }
  const rules = async (): Promise<readonly Rule[]> =>
    (await ask<{ readonly groups: readonly { readonly rules: readonly Rule[] }[] }>('rules'))?.groups.flatMap((group) => group.rules) ?? [];
  const stateOf = async (name: string) => (await rules()).find((rule) => rule.name === name)?.state;

  test('target: read without a key on the machine of the scheduler', async () => {
    const found = () => ask<{ readonly activeTargets: readonly { readonly health: string }[] }>('targets');
    await until('a target that is up', async () => (await found())?.activeTargets[0]?.health === 'up', 30_000);
  });

  test('alerts: each is evaluated without an error; an idle pool raises none', async () => {
    const all = await until('evaluated rules', async () => {
      const now = await rules();
      return now.length > 5 && now.every(({ health }) => health !== 'unknown') && now;
    });
    expect(all.filter(({ health, state }) => health !== 'ok' || state !== 'inactive')).toEqual([]);
  });

  test('dashboard: Prometheus accepts each query', async () => {
    const { panels } = JSON.parse(readFileSync(path.join(deploy, 'grafana/muster-pool.json'), 'utf8')) as {
      readonly panels: readonly Panel[];
    };
    const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr.replaceAll('$instance', '.*')));
    for (const query of queries) await ask(`query?query=${encodeURIComponent(query)}`);
    expect(queries.length).toBeGreaterThan(20);
  });

  test('a job waits and no node is there -> the alert for it is pending', async () => {
    const { code } = await lab.run(['submit', '--model', 'none', '--prompt', 'hello', ...onHost]);
    expect(code).toBe(0);
    await until('the alert', async () => (await stateOf('MusterNoNodeForJobs')) === 'pending', 20_000);
  });

  test('the scheduler stops -> the alert for it is pending', async () => {
    await scheduler.end();
    await until('the alert', async () => (await stateOf('MusterSchedulerDown')) === 'pending', 20_000);
  });
});
