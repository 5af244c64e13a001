// The ports of the app in memory: they record calls, and answer with the outcome that the test sets.
import type { JobAccepted } from '../../src/shared/api/job';
import type { CancelledJobs } from '../../src/shared/api/job-acts';
import type { AgentView } from '../../src/shared/api/agent-view';
import type { Outcome } from '../../src/shared/api/app-api';
import type { AppInfo, PoolState } from '../../src/shared/api/app-state';
import { HOST_ACCESS } from '../../src/shared/api/pool-access';
import { jobSummarySchema } from '../../src/shared/api/job';
import type { NodeView, PoolEvent } from '../../src/shared/api/node-view';
import type { RunningJobs } from '../../src/shared/protocol/pauses';
import { fail, ok } from '../../src/shared/result';
import { jobView, succeededJob } from './job-views';
import { FakeOwnGpus } from './own-gpus';
import { failedJob, missingModel, nodeHistory, poolHistory, poolTotals } from './pool-figures';
import { usageOf } from './usage-fakes';
import { clusterOfThree } from '../fixtures/app-states/clusters';
import { FakeOwnModels } from './own-models';
import { Subject } from './subject';
import type { AgentPort, Done, PoolPort, SchedulerAddress } from '../../src/main/contracts/ports';

export { FakeHost } from './host-fakes';
export { hostView } from '../fixtures/app-states/host';
export { RecordingListener } from './recording-listener';

export const appInfo: AppInfo = {
  version: '1.2.3',
  mode: 'desktop',
  platform: 'linux',
  hostname: 'bench',
  can_host: true,
  can_join: true,
  in_pool_at_start: false,
};

export const agentView = (change: Partial<AgentView> = {}): AgentView => ({
  node_id: 'node-A',
  name: 'bench',
  simulated: false,
  link: { state: 'idle' },
  node_status: null,
  registered_at: null,
  heartbeat_interval_seconds: null,
  last_heartbeat_sent_at: null,
  accept_public_jobs: true,
  hardware: null,
  models: [],
  model_folders: [],
  model_problems: [],
  notices: [],
  ...change,
});

/** As the host shows the pool. */
export const poolSummary = (change: Partial<PoolState> = {}): PoolState => ({
  ...HOST_ACCESS,
  scheduler_version: '1.2.3',
  started_at: 1,
  required_models: [],
  heartbeat_interval_seconds: 15,
  heartbeat_timeout_seconds: 45,
  mass_loss: null,
  ...change,
});

export const nodeView = (nodeId: string, change: Partial<NodeView> = {}): NodeView => ({
  node_id: nodeId,
  name: nodeId,
  platform: 'linux',
  version: '1.2.3',
  hardware: { cpu_cores: 8, memory_gb: 32, gpus: [{ name: 'RTX 4090', memory_gb: 24 }] },
  simulated: false,
  installed_models: [],
  capability_state: null,
  features_supported: {},
  advanced_features: [],
  accept_public_jobs: true,
  status: 'ready',
  reason_code: 'health_check_passed',
  reason: '',
  previous_status: null,
  since: 1,
  online: true,
  last_heartbeat_at: 1,
  resource_usage: null,
  gpus: null,
  in_flight_jobs: 0,
  max_concurrent_jobs: 4,
  health: {
    ok: true,
    failed_checks: [],
    consecutive_successes: 3,
    required_successes: 3,
    window: [true, true, true],
    failures_in_window: 0,
    failure_threshold: 3,
    warmup_deadline: null,
  },
  drain: null,
  missed_jobs: { window_seconds: 3600, since: 0, total: 0, reasons: [] },
  ...change,
});

export class FakeAgent extends FakeOwnGpus implements AgentPort {
  readonly subject = new Subject<AgentView>();
  readonly models = new FakeOwnModels(this.calls);
  connected = true;
  /** Null: every model. */
  measurable: readonly string[] | null = null;
  present = agentView();

  view(): AgentView {
    return this.present;
  }

  subscribe(listener: (view: AgentView) => void): () => void {
    return this.subject.subscribe(listener);
  }

  /** The number of watchers. */
  watchers = 0;

  watch(): () => void {
    this.watchers += 1;
    return () => {
      this.watchers -= 1;
    };
  }

  change(change: Partial<AgentView>): void {
    this.present = { ...this.present, ...change };
    this.subject.publish(this.present);
  }

  /** Whether each scheduler accepts the agent. */
  isAccepted = false;

  connectTo(address: SchedulerAddress | null): void {
    this.calls.push(['connectTo', address]);
    if (address === null || !this.isAccepted) return;
    const { url, pin } = address;
    this.change({ link: { state: 'connected', scheduler_url: url, since: 1, latency_ms: 1, ...(typeof pin === 'string' ? { pin } : {}) } });
  }

  recheck(): Promise<void> {
    this.calls.push(['recheck']);
    return Promise.resolve();
  }

  simulate(isOn: boolean): Promise<Done> {
    this.calls.push(['simulate', isOn]);
    this.change({ simulation: isOn ? 'owner' : 'off' });
    return Promise.resolve(ok(undefined));
  }

  pause(untilWallMs: number | null, runningJobs: RunningJobs): Done {
    this.calls.push(['pause', untilWallMs, runningJobs]);
    return ok(undefined);
  }

  resume(): Done {
    this.calls.push(['resume']);
    return ok(undefined);
  }

  measureModel(modelId: string): Done {
    this.calls.push(['measureModel', modelId]);
    return this.measurable?.includes(modelId) !== false
      ? ok(undefined)
      : fail({ code: 'NOT_FOUND', message: 'unknown', details: { model_id: modelId } });
  }

  dismissNotice(id: string): void {
    this.calls.push(['dismissNotice', id]);
  }

  credential: string | null = null;

  memberCredential(): string | null {
    return this.credential;
  }

  forgetMember(url: string, pin: string | null): void {
    this.calls.push(['forgetMember', url, pin]);
  }
}

export class FakePool implements PoolPort {
  readonly calls: unknown[] = [];
  readonly subject = new Subject<PoolEvent>();
  nodes: NodeView[] = [];
  outcome: Done = ok(undefined);

  /** Tells the subscriber that the stream was opened or lost. */
  connect: (isConnected: boolean) => void = () => undefined;

  subscribe(listener: (event: PoolEvent) => void, onConnection: (isConnected: boolean) => void = () => undefined): () => void {
    this.connect = onConnection;
    listener({ type: 'snapshot', pool: poolSummary(), nodes: this.nodes });
    return this.subject.subscribe(listener);
  }

  drain(nodeId: string, request: unknown): Promise<Outcome<NodeView>> {
    this.calls.push(['drain', nodeId, request]);
    return Promise.resolve(this.outcome.ok ? ok(nodeView(nodeId)) : this.outcome);
  }

  resume(nodeId: string): Promise<Outcome<NodeView>> {
    this.calls.push(['resume', nodeId]);
    return Promise.resolve(this.outcome.ok ? ok(nodeView(nodeId)) : this.outcome);
  }

  quarantine(nodeId: string, request: unknown): Promise<Outcome<NodeView>> {
    this.calls.push(['quarantine', nodeId, request]);
    return Promise.resolve(this.outcome.ok ? ok(nodeView(nodeId)) : this.outcome);
  }

  release(nodeId: string): Promise<Outcome<NodeView>> {
    this.calls.push(['release', nodeId]);
    return Promise.resolve(this.outcome.ok ? ok(nodeView(nodeId)) : this.outcome);
  }

  controlModel: PoolPort['controlModel'] = (act) => {
    this.calls.push(['controlModel', act]);
    return Promise.resolve(this.outcome.ok ? ok({ ...act, state: 'done' }) : this.outcome);
  };

  setTags(nodeId: string, tags: readonly string[]): Promise<Outcome<NodeView>> {
    this.calls.push(['setTags', nodeId, tags]);
    return Promise.resolve(this.outcome.ok ? ok(nodeView(nodeId)) : this.outcome);
  }

  remove(nodeId: string): Promise<Done> {
    this.calls.push(['remove', nodeId]);
    return Promise.resolve(this.outcome);
  }

  node = (id: string): Promise<Outcome<NodeView>> => (this.calls.push(['node', id]), Promise.resolve(ok(nodeView(id))));
  nodeHistory: PoolPort['nodeHistory'] = (id, range) => (
    this.calls.push(['nodeHistory', id, range]),
    Promise.resolve(ok(nodeHistory({ range })))
  );
  models: PoolPort['models'] = () =>
    Promise.resolve(ok([{ model_id: 'llm-a', kind: 'llm', tasks: null, nodes_ready: 2, nodes_loaded: 1 }]));
  nodesWithModel = (id: string) => (this.calls.push(['nodesWithModel', id]), Promise.resolve(ok({ node_ids: ['node-A'] })));
  explain: PoolPort['explain'] = (requirements) => {
    this.calls.push(['explain', requirements]);
    return Promise.resolve(ok({ chosen: 'node-A', nodes_total: 1, reasons: {}, nodes: [{ node_id: 'node-A', excluded: [] }] }));
  };

  exclusions: PoolPort['exclusions'] = () =>
    Promise.resolve(ok({ since: 1, reasons: { gpu_unavailable: { count: 2, examples: ['node-B'] } } }));

  resetExclusions = (): Promise<Done> => (this.calls.push(['resetExclusions']), Promise.resolve(ok(undefined)));

  jobs: PoolPort['jobs'] = (query) => {
    this.calls.push(['jobs', query]);
    return Promise.resolve(
      ok({
        jobs: [jobSummarySchema.parse(jobView())],
        next_cursor: query.cursor === '7' ? null : '7',
        open: { queued: 1, assigned: 0, running: 0 },
      }),
    );
  };

  job: PoolPort['job'] = (jobId) => {
    this.calls.push(['job', jobId]);
    return Promise.resolve(ok(succeededJob({ content_type: 'text/plain', text: 'hola' }, { job_id: jobId })));
  };

  totals: PoolPort['totals'] = () => Promise.resolve(ok(poolTotals()));
  history: PoolPort['history'] = (range) => (this.calls.push(['history', range]), Promise.resolve(ok(poolHistory({ range }))));
  usage: PoolPort['usage'] = (query) => (this.calls.push(['usage', query]), Promise.resolve(ok(usageOf(query))));
  missingModels: PoolPort['missingModels'] = () => Promise.resolve(ok({ since: 1, models: [missingModel('qwen3-coder:30b')] }));
  failures: PoolPort['failures'] = (limit) => (
    this.calls.push(['failures', limit]),
    Promise.resolve(ok({ since: 1, failed: 1, jobs: [failedJob('job-2')] }))
  );

  cluster: PoolPort['cluster'] = () => Promise.resolve(ok(clusterOfThree()));
  stepDown = (): Promise<Done> => (this.calls.push(['stepDown']), Promise.resolve(this.outcome));

  cancelJobs(jobIds: readonly string[]): Promise<Outcome<CancelledJobs>> {
    this.calls.push(['cancelJobs', jobIds]);
    return Promise.resolve(ok({ jobs: jobIds.map((job_id) => ({ job_id, outcome: 'cancelled' as const })) }));
  }

  retryJob(jobId: string): Promise<Outcome<JobAccepted>> {
    this.calls.push(['retryJob', jobId]);
    return Promise.resolve(ok({ job_id: 'job-9', status: 'queued' as const }));
  }

  cancelJob(jobId: string): Promise<Done> {
    this.calls.push(['cancelJob', jobId]);
    return Promise.resolve(this.outcome);
  }
}
