// The files of deploy/: each metric, label and value of the dashboard and the alerts exists, and the container starts the scheduler as the
// unit does. tests/packages/container.test.ts builds and runs the image.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { load } from 'js-yaml';
import { Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { ATTEMPT_OUTCOMES, JOB_STATUSES } from '../../src/shared/api/job';
import { AVAILABILITY_STATES, NODE_STATUSES } from '../../src/shared/protocol/status';
import { CONFIG_PATHS, envNameOf } from '../../src/main/platform/config/keys';
import { COMMON_OPTIONS } from '../../src/main/cli/common-options';
import { COMMANDS } from '../../src/main/cli/commands';
import { parseNatsCredentials } from '../../src/main/scheduler/cluster/bus/core/nats-credentials';
import { parseDatabaseUrl } from '../../src/main/scheduler/database/postgres/core/database-url';
import { addGauges } from '../../src/main/scheduler/api/metrics';
import { JobStats } from '../../src/main/scheduler/jobs/job-stats';
import { SchedulerStats } from '../../src/main/scheduler/nodes/scheduler-stats';

const root = path.join(import.meta.dirname, '../..');
const textOf = (name: string): string => readFileSync(path.join(root, 'deploy', name), 'utf8');

interface Metric {
  readonly name: string;
  readonly type: string;
  readonly labelNames?: readonly string[];
}

/** The metrics of a scheduler. Their values are read later, from parts that are not needed here. */
function metricsOfScheduler(): ReadonlyMap<string, Metric> {
  const registry = new Registry();
  new SchedulerStats(registry);
  new JobStats(registry, () => Promise.resolve(new Map()));
  addGauges(
    registry,
    ...([{}, {}, {}] as unknown as [Parameters<typeof addGauges>[1], Parameters<typeof addGauges>[2], Parameters<typeof addGauges>[3]]),
  );
  return new Map((registry.getMetricsAsArray() as unknown as readonly Metric[]).map((metric) => [metric.name, metric]));
}

const metrics = metricsOfScheduler();
const histogramOf = (name: string): string => name.replace(/_(bucket|sum|count)$/, '');
/** Labels and values that Prometheus adds. */
const TARGET_LABELS = ['instance', 'job'];
const VALUES: Readonly<Record<string, readonly string[]>> = {
  'muster_nodes.status': NODE_STATUSES,
  'muster_nodes_by_availability.availability': AVAILABILITY_STATES,
  'muster_jobs.status': JOB_STATUSES,
  'muster_job_attempts_total.outcome': ATTEMPT_OUTCOMES,
};

/** Everything in an expression that does not exist. Empty: the expression is right. */
function faultsOf(expression: string): readonly string[] {
  // Grafana fills in its variables.
  const text = expression.replaceAll('$instance', '.*');
  const faults: string[] = [];
  const used: string[] = [];
  const groupedBy: string[] = [];
  let metric = '';
  parser.parse(text).iterate({
    enter: ({ type, from, to, node }) => {
      const word = text.slice(from, to);
      if (type.isError) faults.push(`syntax at ${String(from)}`);
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector') {
        metric = word;
        used.push(word);
        const found = metrics.get(word) ?? metrics.get(histogramOf(word));
        if (word !== 'up' && (found === undefined || (found.name !== word) !== (found.type === 'histogram'))) faults.push(`metric ${word}`);
      }
      if (type.name === 'LabelName' && node.parent?.name === 'GroupingLabels') groupedBy.push(word);
      if (/^(Unq|Q)uotedLabelMatcher$/.test(type.name)) faults.push(...matcherFaults(metric, word));
    },
  });
  const known = new Set([...TARGET_LABELS, ...used.flatMap(labelsOf)]);
  return [...faults, ...groupedBy.filter((label) => !known.has(label)).map((label) => `label ${label}`)];
}

const labelsOf = (name: string): readonly string[] => [
  ...(metrics.get(histogramOf(name))?.labelNames ?? metrics.get(name)?.labelNames ?? []),
  ...(name.endsWith('_bucket') ? ['le'] : []),
];

function matcherFaults(metric: string, matcher: string): readonly string[] {
  const [, label = '', operator = '', value = ''] = /^(\w+)\s*(=~|!~|!=|=)\s*"(.*)"$/.exec(matcher) ?? [];
  if (TARGET_LABELS.includes(label)) return [];
  if (!labelsOf(metric).includes(label)) return [`label ${metric}.${label}`];
  const values = operator.endsWith('~') ? value.split('|') : [value];
  return values.filter((one) => VALUES[`${metric}.${label}`]?.includes(one) !== true).map((one) => `value ${metric}.${label}=${one}`);
}

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

describe('faults of expressions', () => {
  test.each([
    ['muster_nodes{status="ready"}', []],
    ['rate(muster_job_queue_wait_seconds_bucket[5m])', []],
    ['muster_node', ['metric muster_node']],
    ['muster_job_queue_wait_seconds', ['metric muster_job_queue_wait_seconds']],
    ['muster_nodes_bucket', ['metric muster_nodes_bucket']],
    ['muster_nodes{state="ready"}', ['label muster_nodes.state']],
    ['muster_nodes{status=~"ready|readi"}', ['value muster_nodes.status=readi']],
    ['sum by (model) (muster_nodes)', ['label model']],
    ['sum(muster_nodes', ['syntax at 16']],
  ])('%s', (expression, expected) => {
    expect(faultsOf(expression)).toEqual(expected);
  });
});

describe('Prometheus', () => {
  const { groups } = load(textOf('prometheus/alerts.yml')) as { readonly groups: readonly { readonly rules: readonly Alert[] }[] };
  const alerts = groups.flatMap(({ rules }) => rules);

  test.each(alerts.map(({ alert, expr }) => [alert, expr]))('alert %s: its expression', (_alert, expression) => {
    expect(faultsOf(expression)).toEqual([]);
  });

  test('alerts: names of their own, a severity, and texts for a person', () => {
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
    for (const { labels, annotations } of alerts) {
      expect(['warning', 'critical']).toContain(labels['severity']);
      expect(Object.keys(annotations)).toEqual(['summary', 'description']);
    }
  });

  test('configuration: reads the alerts, under the name that they use', () => {
    const config = load(textOf('prometheus/prometheus.yml')) as {
      readonly rule_files: unknown;
      readonly scrape_configs: readonly unknown[];
    };
    expect(config.rule_files).toEqual(['alerts.yml']);
    expect(config.scrape_configs).toEqual([{ job_name: 'muster', static_configs: [{ targets: ['127.0.0.1:7080'] }] }]);
  });
});

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

describe('Grafana', () => {
  const { panels } = JSON.parse(textOf('grafana/muster-pool.json')) as { readonly panels: readonly Panel[] };
  const targets = panels.flatMap(({ title, targets: own = [] }) =>
    own.map(({ expr, legendFormat }) => [title, expr, legendFormat] as const),
  );

  test.each(targets)('panel %s: %s', (_title, expression, legend) => {
    expect(faultsOf(expression)).toEqual([]);
    // A label that the expression drops would be an empty name.
    const labels = [...legend.matchAll(/{{(\w+)}}/g)].map(([, label = '']) => label);
    expect(labels.filter((label) => label !== 'instance' && !new RegExp(`by \\([^)]*\\b${label}\\b`).test(expression))).toEqual([]);
  });

  test('panels: every metric of the scheduler is shown', () => {
    const shown = targets.map(([, expression]) => expression).join(' ');
    expect([...metrics.keys()].filter((name) => !shown.includes(name))).toEqual([]);
  });

  test('panels: ids of their own; none covers another', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${String(x + (index % w))} ${String(y + Math.floor(index / w))}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});

describe('container', () => {
  const containerfile = textOf('Containerfile');
  const listOf = (instruction: string): readonly string[] =>
    JSON.parse(new RegExp(`^${instruction} (\\[.*\\])$`, 'm').exec(containerfile)?.[1] ?? '[]') as string[];

  test('image: starts the scheduler of the command line, as no root, with a volume for its data', () => {
    const [command, ...options] = listOf('CMD');
    const known = Object.keys({ ...COMMANDS.find(({ name }) => name === command)?.options, ...COMMON_OPTIONS });
    expect(command).toBe('scheduler');
    expect(options.filter((word) => word.startsWith('--') && !known.includes(word.slice(2)))).toEqual([]);
    expect(containerfile).toMatch(/^USER 10001:10001$/m);
    expect(containerfile).toMatch(/^VOLUME \/var\/lib\/muster$/m);
    expect(listOf('ENTRYPOINT')).toEqual(['/opt/muster/muster']);
    // The log of a container keeps what its program prints.
    expect(containerfile).toMatch(/^ENV MUSTER_NO_DASHBOARD_LINK=1$/m);
    expect(containerfile).toMatch(/^COPY licences \/opt\/muster\/licences$/m);
  });

  test('compose: the image of the Containerfile, without rights, stopped in order', () => {
    const { services } = load(textOf('compose.yaml')) as { readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
    expect(services['scheduler']).toMatchObject({
      build: { context: '../out-cli', dockerfile: '../deploy/Containerfile' },
      network_mode: 'host',
      volumes: ['muster:/var/lib/muster'],
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      stop_grace_period: '20s',
    });
    const check = /^HEALTHCHECK .*CMD (\[.*\])$/m.exec(containerfile)?.[1] ?? '[]';
    expect(services['scheduler']?.['healthcheck']).toMatchObject({ test: ['CMD', ...(JSON.parse(check) as string[])] });
  });
});

describe('cluster in containers', () => {
  interface Service {
    readonly image: string;
    readonly secrets?: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
    readonly ports?: readonly string[];
    readonly volumes?: readonly string[];
    readonly [key: string]: unknown;
  }
  interface Compose {
    readonly services: Readonly<Record<string, Service>>;
    readonly secrets: unknown;
    readonly volumes: Readonly<Record<string, unknown>>;
  }
  const { services, secrets, volumes } = load(textOf('cluster/compose.yaml')) as Compose;
  const proxy = textOf('cluster/haproxy.cfg');
  const schedulers = ['scheduler-a', 'scheduler-b'].map((name) => services[name]);

  test('schedulers: same database, names and addresses of their own, the password from a file, settings that exist', () => {
    for (const [index, scheduler] of schedulers.entries()) {
      const letter = 'ab'[index] ?? '';
      const port = String(7081 + index);
      expect(scheduler).toMatchObject({
        image: 'muster-scheduler',
        build: { context: '../../out-cli', dockerfile: '../deploy/Containerfile' },
        secrets: ['database-password', 'bus-credentials', 'bus-certificate'],
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        environment: {
          MUSTER_CLUSTER_MEMBER_NAME: letter,
          MUSTER_CLUSTER_ADDRESS: `\${MUSTER_HOST}:${port}`,
          MUSTER_CLUSTER_DATABASE_PASSWORD_FILE: '/run/secrets/database-password',
          MUSTER_CLUSTER_BUS_URL: 'tls://bus',
          MUSTER_CLUSTER_BUS_CREDENTIALS_FILE: '/run/secrets/bus-credentials',
          MUSTER_CLUSTER_BUS_CA_FILE: '/run/secrets/bus-certificate',
        },
        ports: [`${port}:7080`],
        volumes: [`scheduler-${letter}:/var/lib/muster`],
      });
      const names = new Set(CONFIG_PATHS.map(envNameOf));
      expect(Object.keys(scheduler?.environment ?? {}).filter((name) => !names.has(name))).toEqual([]);
      const target = parseDatabaseUrl(scheduler?.environment?.['MUSTER_CLUSTER_DATABASE_URL'] ?? '');
      expect(target).toMatchObject({ ok: true, value: { hosts: [{ host: 'postgres', port: 5432 }], user: 'muster', database: 'muster' } });
    }
    expect(services['postgres']?.environment).toMatchObject({ POSTGRES_USER: 'muster', POSTGRES_DB: 'muster' });
    expect(secrets).toEqual({
      'database-password': { file: 'secrets/database-password' },
      'bus-credentials': { file: 'secrets/bus-credentials' },
      'bus-password': { file: 'secrets/bus-password' },
      'bus-certificate': { file: 'secrets/bus-certificate.pem' },
      'bus-key': { file: 'secrets/bus-key.pem' },
    });
    const used = Object.values(services).flatMap((service) => (service.volumes ?? []).map((volume) => volume.split(':')[0] ?? ''));
    expect(used.filter((name) => !name.startsWith('.')).toSorted()).toEqual(Object.keys(volumes).toSorted());
  });

  test('load balancer: passes TCP to both schedulers, and asks them over TLS', () => {
    expect(proxy).toMatch(/^ {2}mode tcp$/m);
    expect([...proxy.matchAll(/^ {2}server \w+ (\S+)$/gm)].map(([, address]) => address)).toEqual(['scheduler-a:7080', 'scheduler-b:7080']);
    expect(proxy).toMatch(/^ {2}http-check send meth GET uri \/readyz .*hdr Host "\$\{MUSTER_HOST\}"/m);
    expect(proxy).toMatch(/^ {2}default-server check check-ssl /m);
    expect(services['balancer']?.environment).toEqual({ MUSTER_HOST: '${MUSTER_HOST}' });
  });

  test('credentials of the bus: the steps write a form that the schedulers read', () => {
    const form = /printf '([^']+)' "\$password" > bus-credentials/.exec(textOf('cluster/README.md'))?.[1] ?? '';
    const content = form.replaceAll('\\n', '\n').replace('%s', 'secret');
    expect(parseNatsCredentials(content)).toEqual({ ok: true, value: { type: 'password', user: 'muster', password: 'secret' } });
  });

  test('secrets are not in the repository', () => {
    expect(readFileSync(path.join(root, '.gitignore'), 'utf8')).toMatch(/^deploy\/cluster\/secrets\/$/m);
  });
});
