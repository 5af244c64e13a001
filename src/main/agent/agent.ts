// This machine as a node: what its owner and its scheduler ask of it, passed on to its parts in the right order, and what they
// know, shown. The link's protocol is the session's; what is ready is the models' own; what the parts are, agent-parts'.
import type { AgentView } from '../../shared/api/agent-view';
import { ok, type Result } from '../../shared/result';
import { failure } from '../contracts/app-errors';
import type { AgentPort, Done, SchedulerAddress } from '../contracts/ports';
import { clearWork } from '../runtimes/command/clear-work';
import type { AgentOpenError, AgentOptions, AgentStopOptions } from './agent-options';
import { type AgentHooks, type AgentParts, agentParts, workDirOf } from './agent-parts';
import { IdentityStore } from './identity-store';
import { machineFingerprint } from './machine-fingerprint';
import { forgetPulls, tellPulls } from './pulls-file';
import { type StateLock, takeStateLock } from './state-lock';
import { ViewListeners } from './view-listeners';
import { toAgentView } from './core/agent-view';

/** Takes the state folder for itself and reads who this node is. It does nothing until `start` and `connectTo`. */
export async function openAgent(options: AgentOptions): Promise<Result<Agent, AgentOpenError>> {
  const lock = takeStateLock(options.stateDir);
  if (!lock.ok) return lock;
  const fingerprint = await (options.fingerprint ?? machineFingerprint)();
  const identities = new IdentityStore({ file: options.identityFile, fingerprint, logger: options.logger });
  await clearWork(workDirOf(options.stateDir), options.logger);
  const agent = new Agent(options, lock.value, identities);
  forgetPulls(options.stateDir);
  if (options.pullModels?.length) tellPulls(agent, options.stateDir);
  return ok(agent);
}

export class Agent implements AgentPort {
  private readonly parts: AgentParts;
  private readonly listeners = new ViewListeners(() => this.view());
  private stopping = false;
  private readonly stopped: Promise<void>;

  constructor(
    private readonly options: AgentOptions,
    private readonly lock: StateLock,
    identities: IdentityStore,
  ) {
    let stopped: () => void = () => undefined;
    this.stopped = new Promise((resolve) => {
      stopped = resolve;
    });
    this.parts = agentParts(options, identities, this.hooks(stopped));
    if (identities.strangerIds.length > 0) this.parts.notices.add('identity_of_another_machine', { node_ids: [...identities.strangerIds] });
  }

  /** Looks at hardware and models, then connects if `connectTo` named a scheduler. Resolves when it has looked. */
  async start(): Promise<void> {
    this.parts.sleep.start();
    await this.parts.hardware.start();
    if (this.stopping) return;
    await this.parts.models.start();
    await this.parts.runtimes.start();
    this.parts.link.dispatch({ type: 'profile_known' });
  }

  /**
   * Asks to be drained and closes, at the latest after the deadline; called again it need not wait. The node stays known to its
   * scheduler: it is the same one when it comes back.
   */
  async stop({ deadlineMs }: AgentStopOptions): Promise<void> {
    this.stopping = true;
    this.parts.jobs.stopTaking();
    this.parts.link.dispatch({ type: 'stop', deadlineMs });
    await Promise.all([this.parts.measurer.close(), this.stopped]);
    await this.parts.jobs.close();
    this.parts.sleep.stop();
    this.parts.hardware.stop();
    this.parts.runtimes.stop();
    this.parts.models.stop();
    this.lock.release();
  }

  /** The machine is about to sleep: closes the connection, so that the pool knows at once. */
  suspend(): void {
    this.parts.measurer.interrupt();
    this.parts.link.dispatch({ type: 'suspend' });
  }

  /** The machine woke up: looks at everything again, then connects anew. */
  async wake(): Promise<void> {
    this.parts.sleep.start();
    this.parts.link.dispatch({ type: 'wake' });
    await this.look();
    this.parts.link.dispatch({ type: 'profile_known' });
  }

  connectTo(address: SchedulerAddress | null): void {
    const before = this.parts.link.state().target?.url;
    this.parts.link.connectTo(address);
    if (before !== undefined && this.parts.link.state().target?.url !== before) this.parts.jobs.left();
  }

  async recheck(): Promise<void> {
    await this.look();
    this.parts.link.dispatch({ type: 'recheck' });
  }

  drain(timeoutSeconds: number | null): Done {
    if (this.parts.link.state().link.state !== 'registered') return failure('NOT_CONNECTED');
    this.parts.link.dispatch({ type: 'drain', timeoutSeconds });
    return ok(undefined);
  }

  /** Takes the wish to finish back; without a connection that is all there is to do. */
  resume(): Done {
    const { link, finishWish } = this.parts.link.state();
    if (link.state !== 'registered' && finishWish === null) return failure('NOT_CONNECTED');
    this.parts.link.dispatch({ type: 'resume' });
    return ok(undefined);
  }

  dismissNotice(id: string): void {
    this.parts.notices.dismiss(id);
  }

  measureModel(modelId: string): Done {
    const fault = this.parts.measurer.wish(modelId);
    if (fault === null) return ok(undefined);
    return fault === 'unknown_model' ? failure('NOT_FOUND', { model_id: modelId }) : failure('INVALID_STATE', { reason: fault });
  }

  view(): AgentView {
    return toAgentView({
      self: this.options,
      session: this.parts.link.state(),
      latencyMs: this.parts.link.latencyMs(),
      lastHeartbeatAt: this.parts.link.lastHeartbeatAt(),
      hardware: this.parts.hardware.report(),
      load: this.parts.hardware.load(),
      folders: this.parts.models.seen(),
      runtimes: this.parts.runtimes.seen(),
      measurements: this.parts.measurer.measurements(),
      runningJobs: this.parts.jobs.runningJobs(),
      modelFolders: this.parts.modelFolders,
      notices: this.parts.notices.all(),
    });
  }

  subscribe(listener: (view: AgentView) => void): () => void {
    return this.listeners.add(listener);
  }

  watch(): () => void {
    return this.parts.runtimes.watch();
  }

  private async look(): Promise<void> {
    const { hardware, models, runtimes } = this.parts;
    await hardware.recheck();
    await models.recheck();
    await runtimes.recheck();
  }

  private hooks(onStopped: () => void): AgentHooks {
    return {
      onChange: () => {
        this.listeners.changed();
      },
      onNotice: (code, details) => {
        // Put out of the pool: its jobs are given to others.
        if (code !== 'node_id_replaced') this.parts.jobs.left();
        this.parts.notices.add(code, details);
      },
      onSlept: (sleptMs) => {
        this.parts.measurer.interrupt();
        this.options.logger.log('info', 'machine_slept', { slept_ms: Math.round(sleptMs) });
        void this.wake();
      },
      onStopped,
    };
  }
}
