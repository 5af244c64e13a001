// This computer as a node: runs the owner's requests on the agent's components in the right order, and composes the view from
// their state. The components are created in agent-components.ts.
import type { AgentView } from '../../shared/api/agent-view';
import type { Outcome } from '../../shared/api/app-api';
import type { Contribution, GpuHistory, GpuOffer, GpuProcesses, HistoryRange } from '../../shared/api/gpu';
import type { RunningJobs } from '../../shared/protocol/pauses';
import { ok, type Result } from '../../shared/result';
import { failure } from '../contracts/app-errors';
import type { AgentPort, Done, MemberAddress, SchedulerAddress, SettingChange } from '../contracts/ports';
import { clearWorkFolder } from '../runtimes/command/leftovers';
import { type AgentOpenError, type AgentOptions, type AgentStopOptions, type LiveOptions, modelFoldersOf } from './agent-options';
import { createDefaultFolder } from './agent-models';
import { AgentComponents, type AgentHooks, workDirOf } from './agent-components';
import { IdentityStore } from './identity-store';
import { machineFingerprint } from './machine-fingerprint';
import type { OwnModels } from './own-models';
import { OwnSimulation } from './simulation';
import { publishPulls, removePulls } from './pulls-file';
import { type StateLock, takeStateLock } from './state-lock';
import { ViewSubscribers } from './view-subscribers';
import { toAgentView } from './core/agent-view';
import { pauseEndFault } from './core/pause';

/** Locks the state folder and reads the node's identities. The agent does nothing until `start` and `connectTo`. */
export async function openAgent(options: AgentOptions): Promise<Result<Agent, AgentOpenError>> {
  const lock = takeStateLock(options.stateDir);
  if (!lock.ok) return lock;
  const fingerprint = await (options.fingerprint ?? machineFingerprint)();
  const identities = new IdentityStore({ file: options.identityFile, fingerprint, logger: options.logger });
  await clearWorkFolder(workDirOf(options.stateDir), options.logger);
  createDefaultFolder(options);
  const agent = new Agent(options, lock.value, identities);
  removePulls(options.stateDir);
  return ok(agent);
}

export class Agent implements AgentPort {
  /** As configured. */
  #configured: AgentOptions;
  /** In force. */
  #options: AgentOptions;
  readonly #lock: StateLock;
  readonly #identities: IdentityStore;
  readonly #components: AgentComponents;
  readonly #listeners = new ViewSubscribers(() => this.view());
  #stopping = false;
  #publishesPulls = false;
  readonly #simulation: OwnSimulation;
  #address: SchedulerAddress | null = null;
  /** The scheduler of the running jobs: a simulation leaves it for a time. */
  #jobsSchedulerKey: string | null = null;
  #unwatchSleep: () => void = () => undefined;
  readonly #stopped: Promise<void>;

  constructor(options: AgentOptions, lock: StateLock, identities: IdentityStore) {
    this.#configured = options;
    this.#options = options;
    this.#simulation = this.#createSimulation(options);
    this.#lock = lock;
    this.#identities = identities;
    let stopped: () => void = () => undefined;
    this.#stopped = new Promise((resolve) => {
      stopped = resolve;
    });
    this.#components = new AgentComponents(options, identities, this.#hooks(stopped));
    this.#components.pause.start();
    if (identities.foreignNodeIds.length > 0)
      this.#components.notices.add('identity_of_another_machine', { node_ids: [...identities.foreignNodeIds] });
  }

  /** Probes hardware and models, then connects if `connectTo` named a scheduler. Resolves after the probes. */
  async start(): Promise<void> {
    this.#components.sleep.start();
    this.#watchSleep();
    this.#components.pause.startRules();
    this.#publishPulls();
    await this.#components.hardware.start();
    if (this.#stopping) return;
    await this.#components.models.start();
    await this.#components.runtimes.start();
    this.#components.link.dispatch({ type: 'profile_known' });
  }

  /** Applies changed settings while the agent runs. Running jobs go on. */
  configure(options: LiveOptions): void {
    this.#configured = { ...this.#configured, ...options };
    this.#apply();
  }

  async simulate(isOn: boolean): Promise<Done> {
    if (this.#simulation.state === 'setting') return failure('INVALID_STATE', { reason: 'simulated_by_setting' });
    await this.#simulation.set(isOn);
    return ok(undefined);
  }

  /**
   * Drains the node and disconnects, at the latest after `timeoutMs`. A second call with 0 ends the wait. The scheduler keeps the
   * node: it has the same id when it registers again.
   */
  async stop({ timeoutMs }: AgentStopOptions): Promise<void> {
    this.#stopping = true;
    this.#unwatchSleep();
    this.#components.jobs.stopAccepting();
    this.#components.link.dispatch({ type: 'stop', timeoutMs });
    await Promise.all([this.#components.measurer.close(), this.#stopped]);
    await this.#components.jobs.close();
    this.#components.sleep.stop();
    this.#components.pause.stop();
    this.#components.hardware.stop();
    await this.#components.gpus.close();
    await this.#components.runtimes.stop();
    this.#components.models.stop();
    this.#lock.release();
  }

  /** The machine is about to sleep: closes the connection. Resolves when the scheduler is informed, or did not answer for a second. */
  suspend(): Promise<void> {
    this.#components.measurer.interrupt();
    this.#components.link.dispatch({ type: 'suspend' });
    return this.#components.link.closed();
  }

  /** The machine woke up: probes hardware and models, then connects again. */
  async wake(): Promise<void> {
    this.#components.sleep.start();
    this.#components.pause.check();
    this.#components.link.dispatch({ type: 'wake' });
    await this.#refresh();
    this.#components.link.dispatch({ type: 'profile_known' });
  }

  connectTo(address: SchedulerAddress | null): void {
    this.#address = address;
    if (!this.#simulation.isChanging) this.#connect(address);
  }

  async recheck(): Promise<void> {
    await this.#refresh();
    this.#components.link.dispatch({ type: 'recheck' });
  }

  pause(untilWallMs: number | null, runningJobs: RunningJobs): Done {
    const fault = pauseEndFault(untilWallMs, this.#options.clock.wallMs());
    if (fault !== null) return failure('INVALID_REQUEST', { field: 'until_ms', reason: fault });
    this.#components.pause.pause(untilWallMs, runningJobs);
    return ok(undefined);
  }

  resume(): Done {
    this.#components.pause.resume();
    return ok(undefined);
  }

  dismissNotice(id: string): void {
    this.#components.notices.dismiss(id);
  }

  memberCredential(at?: MemberAddress): string | null {
    const pool = at ?? this.#components.link.state().target;
    return pool === null ? null : this.#identities.credential(pool.url, pool.pin ?? null);
  }

  forgetMember(url: string, pin: string | null): void {
    this.#identities.deleteCredential(url, pin);
  }

  measureModel(modelId: string): Done {
    const fault = this.#components.measurer.request(modelId);
    if (fault === null) return ok(undefined);
    return fault === 'unknown_model' ? failure('NOT_FOUND', { model_id: modelId }) : failure('INVALID_STATE', { reason: fault });
  }

  get models(): OwnModels {
    return this.#components.ownModels;
  }

  gpuHistory(range: HistoryRange): GpuHistory {
    return this.#components.gpus.history(range);
  }

  gpuProcesses(): GpuProcesses {
    return this.#components.gpus.processes();
  }

  offerGpu(offer: GpuOffer): Outcome<readonly SettingChange[]> {
    // The settings are those of the real hardware.
    if (this.#simulation.state === 'owner') return failure('INVALID_STATE', { reason: 'simulated_by_owner' });
    return this.#components.gpus.offer(offer);
  }

  contribution(): Contribution {
    return this.#components.gpus.contribution(this.#components.link.schedulerKey());
  }

  view(): AgentView {
    return toAgentView({
      simulation: this.#simulation.state,
      self: this.#options,
      session: this.#components.link.state(),
      latencyMs: this.#components.link.latencyMs(),
      lastHeartbeatAtWallMs: this.#components.link.lastHeartbeatAtWallMs(),
      hardware: this.#components.hardware.report(),
      load: this.#components.hardware.load(),
      gpuChoice: this.#components.hardware.choice(),
      folders: this.#components.models.snapshot(),
      runtimes: this.#components.runtimes.snapshot(),
      measurements: this.#components.measurer.measurements(),
      runningJobs: this.#components.jobs.runningJobs(),
      modelFolders: modelFoldersOf(this.#options),
      unshared: this.#options.unsharedModels ?? [],
      notices: this.#components.notices.all(),
      pause: this.#components.pause.state(),
      rules: this.#components.pause.rules(),
      poolCaFile: this.#identities.authorityFile(this.#components.link.state().target),
    });
  }

  subscribe(listener: (view: AgentView) => void): () => void {
    return this.#listeners.add(listener);
  }

  watch(): () => void {
    return this.#components.runtimes.watch();
  }

  #connect(address: SchedulerAddress | null): void {
    this.#components.link.connectTo(address);
    const key = this.#components.link.schedulerKey();
    if (this.#jobsSchedulerKey !== null && key !== this.#jobsSchedulerKey) this.#components.jobs.leaveScheduler();
    this.#jobsSchedulerKey = key;
  }

  #apply(): void {
    this.#options = this.#simulation.optionsOf(this.#configured);
    createDefaultFolder(this.#options);
    this.#components.configure(this.#options);
    this.#publishPulls();
  }

  #createSimulation({ hardware, simulatedBySetting: bySetting = false }: AgentOptions): OwnSimulation {
    return new OwnSimulation({
      hardware,
      bySetting,
      leave: () => {
        this.#components.link.connectTo(null);
      },
      connect: () => {
        this.#connect(this.#address);
      },
      apply: () => {
        this.#apply();
        return this.recheck();
      },
    });
  }

  /** A shutdown needs nothing: the system ends this program, which then stops in order. */
  #watchSleep(): void {
    const watch = this.#options.sleepSource?.watch(async (event) => {
      if (event !== 'shutdown') await (event === 'sleep' ? this.suspend() : this.wake());
    });
    if (watch !== undefined) this.#unwatchSleep = watch;
  }

  async #refresh(): Promise<void> {
    const { hardware, models, runtimes } = this.#components;
    await hardware.refresh();
    await models.refresh();
    await runtimes.refresh();
  }

  /** Once there is a model to download. */
  #publishPulls(): void {
    if (this.#publishesPulls || !this.#components.runtimes.downloads.wantsAny) return;
    this.#publishesPulls = true;
    publishPulls(this, this.#options.stateDir);
  }

  #hooks(onStopped: () => void): AgentHooks {
    return {
      onChange: () => {
        this.#listeners.changed();
      },
      onNotice: (code, details) => {
        // Evicted from the pool: the scheduler assigns its jobs to other nodes.
        if (code !== 'node_id_replaced') this.#components.jobs.leaveScheduler();
        this.#components.notices.add(code, details);
      },
      onSlept: (sleptMs) => {
        this.#components.measurer.interrupt();
        this.#options.logger.log('info', 'machine_slept', { slept_ms: Math.round(sleptMs) });
        void this.wake();
      },
      onDownload: () => {
        this.#publishPulls();
      },
      onStopped,
    };
  }
}
