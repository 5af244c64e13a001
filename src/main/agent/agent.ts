// This machine as a node: joins the link, the hardware and the models, and shows what they know. The link's protocol is the
// session's; what is ready is the models' own; here things are only put together.
import path from 'node:path';
import type { AgentView } from '../../shared/api/agent-view';
import { fail, ok, type Result } from '../../shared/result';
import { failure } from '../app/app-errors';
import type { AgentPort, Done, SchedulerAddress } from '../app/ports';
import { clearWork } from '../runtimes/command/clear-work';
import { FolderRuntime } from '../runtimes/command/folder-runtime';
import { MeasurementStore } from '../runtimes/measuring/measurement-store';
import { ModelMeasurer } from '../runtimes/measuring/model-measurer';
import { makeFolder } from '../runtimes/model-folders/make-folder';
import { ModelFolders } from '../runtimes/model-folders/model-folders';
import { RuntimeSet } from '../runtimes/runtime-set';
import type { AgentOpenError, AgentOptions, AgentStopOptions } from './agent-options';
import { HardwareWatch } from './hardware-watch';
import { IdentityStore } from './identity-store';
import { JobRunner } from './jobs/job-runner';
import { ResultSpool } from './jobs/result-spool';
import { machineFingerprint } from './machine-fingerprint';
import { type ModelsHere, NO_MODELS, toHeartbeat, toRegister, toWireModels } from './message-mapping';
import { NodeLink } from './node-link';
import { Notices } from './notices';
import { tellPulls } from './pulls-file';
import { SleepWatch } from './sleep-watch';
import { type StateLock, takeStateLock } from './state-lock';
import { measuredHardware, surroundingsOf } from './surroundings-mapping';
import { ViewListeners } from './view-listeners';
import { toAgentView } from './view-mapping';

const NOT_CONNECTED = { code: 'NOT_CONNECTED', message: 'this agent is not registered with a scheduler now', details: null } as const;

/** Takes the state folder for itself and reads who this node is. It does nothing until `start` and `connectTo`. */
export async function openAgent(options: AgentOptions): Promise<Result<Agent, AgentOpenError>> {
  const lock = takeStateLock(options.stateDir);
  if (!lock.ok) return lock;
  const fingerprint = await (options.fingerprint ?? machineFingerprint)();
  const identities = new IdentityStore({ file: options.identityFile, fingerprint, logger: options.logger });
  const agent = new Agent(options, lock.value, identities);
  if (options.pullModels?.length) tellPulls(agent, options.stateDir);
  return ok(agent);
}

export class Agent implements AgentPort {
  private readonly options: AgentOptions;
  private readonly lock: StateLock;
  private readonly hardware: HardwareWatch;
  private readonly models: ModelFolders;
  private readonly runtimes: RuntimeSet;
  private readonly measurer: ModelMeasurer;
  private readonly jobs: JobRunner;
  private readonly modelFolders: readonly string[];
  private readonly link: NodeLink;
  private readonly sleep: SleepWatch;
  private readonly listeners = new ViewListeners(() => this.view());
  private readonly notices: Notices;
  /** The models as the scheduler knows them. */
  private wireModels = JSON.stringify(toWireModels(NO_MODELS));
  private stopping = false;
  private readonly ended: Promise<void>;

  constructor(options: AgentOptions, lock: StateLock, identities: IdentityStore) {
    const { clock, logger, hardware } = options;
    this.options = options;
    this.lock = lock;
    this.notices = new Notices(clock, logger, this.changed);
    this.modelFolders = options.modelFolders.length === 0 ? [options.modelsDir] : options.modelFolders;
    if (this.modelFolders.includes(options.modelsDir)) makeFolder(options.modelsDir);
    this.hardware = new HardwareWatch({
      hardware,
      clock,
      logger,
      onReading: () => {
        this.measurer.consider();
        this.changed();
      },
      onChange: (registration) => {
        this.link.dispatch({ type: 'profile_changed', hardware: registration });
      },
    });
    this.models = new ModelFolders({
      folders: this.modelFolders,
      cacheFile: path.join(options.stateDir, 'model-hashes.json'),
      clock,
      logger,
      processesAlive: (names) => hardware.processesAlive(names),
      largestGpuGb: () => this.hardware.largestGpuGb(),
    });
    const random = options.random ?? Math.random;
    const workDir = path.join(options.stateDir, 'work');
    clearWork(workDir, logger);
    const folders = new FolderRuntime({ models: this.models, clock, workDir });
    const sources = { runtimes: [folders, ...(options.runtimes ?? [])], pullModels: options.pullModels ?? [] };
    this.runtimes = new RuntimeSet({ ...sources, clock, logger, random });
    this.models.onChange(this.changed);
    this.runtimes.onChange(() => {
      this.measurer.consider();
      this.modelsChanged();
    });
    this.measurer = new ModelMeasurer({
      runtimes: this.runtimes,
      store: new MeasurementStore(path.join(options.stateDir, 'model-speeds.json'), logger),
      measureAll: options.measureModels ?? false,
      surroundings: () => surroundingsOf(this.link.state(), this.jobs.runningJobs(), this.hardware.load()?.load.gpus ?? []),
      hardware: () => measuredHardware(this.hardware.report()),
      clock,
      logger,
      onChange: this.modelsChanged,
    });
    this.jobs = new JobRunner({
      runtimes: this.runtimes,
      spool: new ResultSpool({ folder: path.join(options.stateDir, 'results'), logger }),
      maxConcurrentJobs: options.maxConcurrentJobs,
      clock,
      logger,
      isConnected: () => this.link.isRegistered(),
      send: (text) => this.link.sendJobFrame(text),
      onUnsaved: (details) => {
        this.notices.add('results_not_saved', details);
      },
      onChange: () => {
        this.measurer.consider();
        this.changed();
        this.link.dispatch({ type: 'profile_changed', hardware: false });
      },
    });
    let end: () => void = () => undefined;
    this.ended = new Promise((resolve) => {
      end = resolve;
    });
    this.link = new NodeLink({
      clock,
      logger,
      random,
      identities,
      makeRegister: (identity) => {
        const active = this.jobs.activeJobs(this.link.state().target?.url ?? '', identity?.nodeId ?? null);
        return toRegister(options, this.reportOrThrow(), this.modelsHere(), active, identity);
      },
      makeHeartbeat: (nodeId) => {
        const load = this.hardware.load()?.load ?? null;
        return toHeartbeat(options, this.reportOrThrow(), load, this.modelsHere(), this.jobs.runningJobs(), nodeId, clock.wallMs());
      },
      onRegistered: (url, nodeId) => {
        this.jobs.registered(url, nodeId);
      },
      onJobMessage: (message) => {
        this.jobs.take(message);
      },
      onChange: () => {
        this.measurer.consider();
        this.changed();
      },
      onNotice: (code, details) => {
        // Put out of the pool: its jobs are given to others.
        if (code !== 'node_id_replaced') this.jobs.left();
        this.notices.add(code, details);
      },
      onStopped: () => {
        end();
      },
    });
    this.sleep = new SleepWatch(clock, (sleptMs) => {
      this.measurer.interrupt();
      logger.log('info', 'machine_slept', { slept_ms: Math.round(sleptMs) });
      void this.wake();
    });
    if (identities.strangerIds.length > 0) this.notices.add('identity_of_another_machine', { node_ids: [...identities.strangerIds] });
  }

  /** Looks at hardware and models, then connects if `connectTo` named a scheduler. Resolves when it has looked. */
  async start(): Promise<void> {
    this.sleep.start();
    await this.hardware.start();
    if (this.stopping) return;
    await this.models.start();
    await this.runtimes.start();
    this.link.dispatch({ type: 'profile_known' });
  }

  /**
   * Asks to be drained and closes, at the latest after the deadline; called again it need not wait. The node stays known to its
   * scheduler: it is the same one when it comes back.
   */
  async stop({ deadlineMs }: AgentStopOptions): Promise<void> {
    this.stopping = true;
    this.jobs.stopTaking();
    this.link.dispatch({ type: 'stop', deadlineMs });
    await Promise.all([this.measurer.close(), this.ended]);
    await this.jobs.close();
    this.sleep.stop();
    this.hardware.stop();
    this.runtimes.stop();
    this.models.stop();
    this.lock.release();
  }

  /** The machine is about to sleep: closes the connection, so that the pool knows at once. */
  suspend(): void {
    this.measurer.interrupt();
    this.link.dispatch({ type: 'suspend' });
  }

  /** The machine woke up: looks at everything again, then connects anew. */
  async wake(): Promise<void> {
    this.sleep.start();
    this.link.dispatch({ type: 'wake' });
    await this.look();
    this.link.dispatch({ type: 'profile_known' });
  }

  connectTo(address: SchedulerAddress | null): void {
    const before = this.link.state().target?.url;
    this.link.connectTo(address);
    if (before !== undefined && this.link.state().target?.url !== before) this.jobs.left();
  }

  async recheck(): Promise<void> {
    await this.look();
    this.link.dispatch({ type: 'recheck' });
  }

  finish(timeoutSeconds: number | null): Done {
    if (this.link.state().link.state !== 'registered') return fail(NOT_CONNECTED);
    this.link.dispatch({ type: 'finish', timeoutSeconds });
    return ok({});
  }

  /** Takes the wish to finish back; without a connection that is all there is to do. */
  resume(): Done {
    const { link, finishWish } = this.link.state();
    if (link.state !== 'registered' && finishWish === null) return fail(NOT_CONNECTED);
    this.link.dispatch({ type: 'resume' });
    return ok({});
  }

  dismissNotice(id: string): void {
    this.notices.dismiss(id);
  }

  measureModel(modelId: string): Done {
    const fault = this.measurer.wish(modelId);
    if (fault === null) return ok({});
    return fault === 'unknown_model' ? failure('NOT_FOUND', { model_id: modelId }) : failure('IMPOSSIBLE_NOW', { reason: fault });
  }

  view(): AgentView {
    return toAgentView({
      self: this.options,
      session: this.link.state(),
      latencyMs: this.link.latencyMs(),
      lastHeartbeatAt: this.link.lastHeartbeatAt(),
      hardware: this.hardware.report(),
      load: this.hardware.load(),
      folders: this.models.seen(),
      runtimes: this.runtimes.seen(),
      measurements: this.measurer.measurements(),
      runningJobs: this.jobs.runningJobs(),
      modelFolders: this.modelFolders,
      notices: this.notices.all(),
    });
  }

  subscribe(listener: (view: AgentView) => void): () => void {
    return this.listeners.add(listener);
  }

  watch(): () => void {
    return this.runtimes.watch();
  }

  private async look(): Promise<void> {
    await this.hardware.recheck();
    await this.models.recheck();
    await this.runtimes.recheck();
  }

  /** The session sends nothing before the first inventory (`profile_known`). */
  private reportOrThrow() {
    const report = this.hardware.report();
    if (report === null) throw new Error('a message was made before the hardware was known');
    return report;
  }

  private readonly modelsHere = (): ModelsHere => ({ models: this.measurer.models(), pulls: this.runtimes.seen().pulls });

  private readonly modelsChanged = (): void => {
    this.changed();
    const wireModels = JSON.stringify(toWireModels(this.modelsHere()));
    if (wireModels === this.wireModels) return;
    this.wireModels = wireModels;
    this.link.dispatch({ type: 'profile_changed', hardware: false });
  };

  private readonly changed = (): void => {
    this.listeners.changed();
  };
}
