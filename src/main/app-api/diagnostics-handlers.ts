// The operations on the log and on the diagnostics. The facts of the diagnostics are chosen here, by name: no prompt, no result, no name
// of a person or of another computer. The port removes private parts of texts.
import { arch, release } from 'node:os';
import type { AgentView } from '../../shared/api/agent-view';
import type { AppJobRow } from '../../shared/api/app-job';
import type { AppSnapshot } from '../../shared/api/app-state';
import type { NetworkReport } from '../../shared/api/network-report';
import type { NodeView } from '../../shared/api/node-view';
import { notAvailableHere } from '../contracts/app-errors';
import type { DiagnosticsFact, DiagnosticsPort, LogsPort, PoolPort, SettingsPort } from '../contracts/ports';
import { reportedSettings } from '../platform/config/private-keys';
import { appFailuresOf, appJobsOf } from './core/job-views';
import { networkFact } from './core/network-fact';
import type { OperationHandlers } from './operation-types';

export interface DiagnosticsHandlersOptions {
  /** Null: this program cannot read its log. */
  readonly logs: LogsPort | null;
  readonly diagnostics: DiagnosticsPort | null;
  readonly settings: SettingsPort | null;
  readonly examineNetwork: (() => Promise<NetworkReport>) | null;
  readonly state: () => AppSnapshot;
  readonly pool: () => PoolPort | null;
}

type Operation = 'logs.read' | 'diagnostics.preview' | 'diagnostics.save';

export const diagnosticsHandlers = (options: DiagnosticsHandlersOptions): Pick<OperationHandlers, Operation> => ({
  'logs.read': (query) => options.logs?.read(query) ?? notAvailableHere(),
  'diagnostics.preview': async () => options.diagnostics?.preview(await factsOf(options)) ?? notAvailableHere(),
  'diagnostics.save': ({ id }) => options.diagnostics?.save(id) ?? notAvailableHere(),
});

const MAX_NODES = 200;
const MAX_JOBS = 100;

async function factsOf({ settings, examineNetwork, state, pool }: DiagnosticsHandlersOptions): Promise<readonly DiagnosticsFact[]> {
  const { app, agent, host, pool: summary, nodes } = state();
  const [jobs, failures, totals] = await Promise.all([pool()?.jobs({ limit: MAX_JOBS }), pool()?.failures(MAX_JOBS), pool()?.totals()]);
  const facts: readonly (readonly [name: string, value: unknown])[] = [
    ['versions.json', versionsOf(app)],
    ['settings.json', settings === null ? undefined : reportedSettings(settings.list().settings)],
    ['hardware.json', agent?.hardware ?? undefined],
    ['agent.json', agent === null ? undefined : agentFact(agent)],
    ['network.json', examineNetwork === null ? undefined : networkFact(await examineNetwork())],
    ['host.json', host === null ? undefined : { ...host, join_link: undefined, last_log_lines: undefined }],
    ['pool.json', summary === null ? undefined : { open_jobs: summary.open_jobs, totals: totals?.ok === true ? totals.value : null }],
    ['nodes.json', summary === null ? undefined : nodes.slice(0, MAX_NODES).map(nodeFact)],
    ['jobs.json', jobs?.ok === true ? appJobsOf(jobs.value).jobs.map(jobFact) : undefined],
    [
      'failures.json',
      failures?.ok === true ? appFailuresOf(failures.value).jobs.map(({ error, ...job }) => ({ ...job, code: error?.code })) : undefined,
    ],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

const versionsOf = ({ version, mode, platform }: AppSnapshot['app']) => ({
  muster: version,
  mode,
  platform,
  os_release: release(),
  architecture: arch(),
  node: process.versions.node,
  electron: Object.hasOwn(process.versions, 'electron') ? process.versions['electron'] : null,
});

const agentFact = ({ link, node_status, pause, runtimes, models }: AgentView) => ({
  link: { state: link.state },
  node_status,
  // The detail of a cause names a program of the owner.
  pause: pause?.causes.map(({ code, since, until }) => ({ code, since, until })) ?? null,
  runtimes,
  models,
});

const nodeFact = ({ node_id, version, platform, status, reason_code, online, availability }: NodeView) => ({
  node_id,
  version,
  platform,
  status,
  reason_code,
  online,
  availability: availability?.state ?? null,
  reasons: availability?.reasons.map(({ code }) => code) ?? [],
});

const jobFact = ({ job_id, task, status, attempt, node_id, error }: AppJobRow) => ({
  job_id,
  task,
  status,
  attempt,
  node_id,
  code: error?.code ?? null,
});
