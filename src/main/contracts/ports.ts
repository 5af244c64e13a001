// The interfaces between services: this computer's agent, the scheduler that it hosts, and the pool that it operates. Each has an
// implementation per deployment (in process, as a child process, over HTTP). AppService joins them.
import type { AppError, Outcome, PoolAddress } from '../../shared/api/app-api';
import type { AgentView } from '../../shared/api/agent-view';
import type { HostView } from '../../shared/api/app-state';
import type { AskListener, AskParams } from '../../shared/api/ask';
import type { ClusterView } from '../../shared/api/cluster';
import type { Exclusions, ExplainRequest, Explanation } from '../../shared/api/dispatch';
import type { JobsQuery } from '../../shared/api/app-job';
import type { JobAccepted, JobList, JobView } from '../../shared/api/job';
import type { CancelledJobs } from '../../shared/api/job-acts';
import type { JoinRequestView, NewcomerRoles } from '../../shared/api/join-requests';
import type {
  AuditList,
  AuditPage,
  CreatedInvite,
  CreatedKey,
  CreateInviteBody,
  CreateKeyBody,
  UpdateKeyBody,
  UpdateMemberBody,
  InviteView,
  KeyView,
  MemberView,
} from '../../shared/api/members';
import type { Contribution, GpuHistory, GpuOffer, GpuProcesses, HistoryRange } from '../../shared/api/gpu';
import type { DiagnosticsPreview, LogPage, LogQuery } from '../../shared/api/logs';
import type { NearbyView } from '../../shared/api/nearby';
import type { ModelAct, ModelActAnswer } from '../../shared/api/model-control';
import type { NodeHistory, NodeRange } from '../../shared/api/node-history';
import type { NodeView, PoolEvent } from '../../shared/api/node-view';
import type { SavedFile } from '../../shared/api/saved-file';
import type { ChosenPath, SettingsFolder, SettingsView, SettingValue, SettingView } from '../../shared/api/settings';
import type { OpenedLinkView } from '../../shared/api/opened-link';
import type { ModelDisk, OwnActAnswer } from '../../shared/api/own-models';
import type { ModelAction } from '../../shared/protocol/model-control';
import type { MissingModels } from '../../shared/api/missing-models';
import type { PoolFailures } from '../../shared/api/pool-failures';
import type { PoolHistory, PoolRange, PoolTotals } from '../../shared/api/pool-history';
import type { Usage, UsageQuery } from '../../shared/api/usage';
import type { RunningJobs } from '../../shared/protocol/pauses';
import type { ModelNodes, ReadyPoolModel } from '../../shared/api/pool-models';

/** Success, or the reason of the failure: the outcome of an operation without a result value. */
export type Done = Outcome<void>;

export interface DrainRequest {
  readonly timeout_seconds?: number | undefined;
  readonly reason?: string | undefined;
}

export type QuarantineRequest = Pick<DrainRequest, 'reason'>;

/** `live` false: without `wait` and `progress`, for which the scheduler reads the pool. */
export type PoolJobsQuery = JobsQuery & { readonly live?: boolean };

/** A pool that this program shows and operates. */
export interface PoolPort {
  /** Calls the listener with every event in order. A snapshot comes first, and after a gap. `onConnection`: the stream was opened or lost. Returns the unsubscribe function. */
  subscribe(listener: (event: PoolEvent) => void, onConnection?: (isConnected: boolean) => void): () => void;
  /** Resolves to the node after the operation, as `resume` does. */
  drain(nodeId: string, request: DrainRequest): Promise<Outcome<NodeView>>;
  resume(nodeId: string): Promise<Outcome<NodeView>>;
  /** The node gets no jobs, and its jobs are requeued, until `release`. */
  quarantine(nodeId: string, request: QuarantineRequest): Promise<Outcome<NodeView>>;
  release(nodeId: string): Promise<Outcome<NodeView>>;
  /** Replaces the tags of the node. */
  setTags(nodeId: string, tags: readonly string[]): Promise<Outcome<NodeView>>;
  remove(nodeId: string): Promise<Done>;
  /** Loads, unloads, pins or unpins a model of a node. Resolves at the end of the action, or when it takes longer than 5 s. */
  controlModel(act: ModelAct): Promise<Outcome<ModelActAnswer>>;
  /** The node with its models, which lists and events leave out. */
  node(nodeId: string): Promise<Outcome<NodeView>>;
  nodeHistory(nodeId: string, range: NodeRange): Promise<Outcome<NodeHistory>>;
  /** The models that are ready on a node. */
  models(): Promise<Outcome<readonly ReadyPoolModel[]>>;
  /** The nodes that have a model whose id contains this text, in upper or lower case. */
  nodesWithModel(text: string): Promise<Outcome<ModelNodes>>;
  explain(request: ExplainRequest): Promise<Outcome<Explanation>>;
  exclusions(): Promise<Outcome<Exclusions>>;
  resetExclusions(): Promise<Done>;
  jobs(query: PoolJobsQuery): Promise<Outcome<JobList>>;
  job(jobId: string): Promise<Outcome<JobView>>;
  cancelJob(jobId: string): Promise<Done>;
  cancelJobs(jobIds: readonly string[]): Promise<Outcome<CancelledJobs>>;
  /** Resolves to the new job. */
  retryJob(jobId: string): Promise<Outcome<JobAccepted>>;
  totals(): Promise<Outcome<PoolTotals>>;
  history(range: PoolRange): Promise<Outcome<PoolHistory>>;
  /** The models that were asked for and that no node has. */
  missingModels(): Promise<Outcome<MissingModels>>;
  /** The jobs of the last 24 hours that failed, or of which an attempt failed. */
  failures(limit: number): Promise<Outcome<PoolFailures>>;
  /** What the pool was used for, by day, key, model or node. */
  usage(query: UsageQuery): Promise<Outcome<Usage>>;
  cluster(): Promise<Outcome<ClusterView>>;
  /** The leadership of the scheduler ends soon after the answer. */
  stepDown(): Promise<Done>;
}

/** Questions of a person to the models of a pool. */
export interface AskPort {
  /** Sends the answer to the listener. Returns the function that cancels the job. */
  ask(params: AskParams, listener: AskListener): () => void;
}

/** Who may use the pool: its members, invitations, keys and audit log, and the computers that ask to join. */
export interface TrustPort {
  members(): Promise<Outcome<readonly MemberView[]>>;
  updateMember(id: string, body: UpdateMemberBody): Promise<Outcome<MemberView>>;
  /** Bars the member and closes its connections. */
  revokeMember(id: string): Promise<Outcome<MemberView>>;
  invites(): Promise<Outcome<readonly InviteView[]>>;
  createInvite(body: CreateInviteBody): Promise<Outcome<CreatedInvite>>;
  revokeInvite(id: string): Promise<Outcome<InviteView>>;
  keys(): Promise<Outcome<readonly KeyView[]>>;
  createKey(body: CreateKeyBody): Promise<Outcome<CreatedKey>>;
  updateKey(id: string, body: UpdateKeyBody): Promise<Outcome<KeyView>>;
  revokeKey(id: string): Promise<Outcome<KeyView>>;
  /** The newest first. */
  audit(page: AuditPage): Promise<Outcome<AuditList>>;
  approveJoin(id: string, roles: NewcomerRoles): Promise<Outcome<JoinRequestView>>;
  denyJoin(id: string): Promise<Done>;
}

/** The computers that ask to join the pool by digits (ADR 0022). */
export interface JoinRequests {
  /** The oldest first. */
  list(): readonly JoinRequestView[];
  /** Calls the listener after every change of the list. Returns the unsubscribe function. */
  subscribe(listener: () => void): () => void;
  /** The owner of the pool compared the digits. The newcomer gets a credential when its person confirms them, too. */
  approve(id: string, roles: NewcomerRoles): Outcome<JoinRequestView>;
  deny(id: string): Done;
}

/** The credentials of computers that join by digits. */
export interface NewcomerCredentials {
  /** Called after both people confirmed. Throws when the credential cannot be stored. */
  issue(name: string, roles: NewcomerRoles): Promise<{ readonly memberId: string; readonly credential: string }>;
  /** The newcomer did not get its credential. */
  withdraw(memberId: string): void;
}

/** The address of a scheduler, and the token with which this computer joins. */
export interface SchedulerAddress {
  /** ws:// or wss:// URL without the path. */
  readonly url: string;
  /** The key of an invitation; on the host the owner key; null: none is required, or this computer has joined before. */
  readonly joinToken: string | null;
  /** The pin of the CA of the pool. Null or absent: on this computer plain, else a certificate that this system trusts. */
  readonly pin?: string | null;
  /** Other schedulers of the same pool, as `agent.other_schedulers` has them (ADR 0053). Default: none. */
  readonly others?: readonly string[] | undefined;
}

/** A pool as the agent knows it: by its pin, else by its address. */
export interface MemberAddress {
  /** ws:// or wss:// URL. */
  readonly url: string;
  readonly pin: string | null;
}

/** What the owner does with the models of this computer. Failures: `NOT_FOUND`, or `INVALID_STATE` with a reason. */
export interface OwnModelsPort {
  /** Downloads the model with Ollama, or continues its paused download. */
  download(modelId: string): Done;
  /** The downloaded part is kept. */
  pauseDownload(modelId: string): Done;
  cancelDownload(modelId: string): Done;
  /** Deletes the model from the disk. */
  remove(modelId: string): Promise<Outcome<OwnActAnswer>>;
  /** Also where the scheduler may not control models. */
  control(modelId: string, action: ModelAction): Promise<Outcome<OwnActAnswer>>;
  /** The settings that share the model with the pool, or do not. */
  share(modelId: string, shared: boolean): Outcome<readonly SettingChange[]>;
  /** The disk to which models are downloaded. Null: unknown. */
  disk(): Promise<ModelDisk | null>;
}

export interface AgentPort {
  readonly models: OwnModelsPort;
  view(): AgentView;
  /** Calls the listener after every change, coalesced. Returns the unsubscribe function. */
  subscribe(listener: (view: AgentView) => void): () => void;
  /** A user views this computer: models are probed now, and more often until the returned function is called. */
  watch(): () => void;
  /** Disconnects gracefully from the current scheduler, then connects to this one, or to none. */
  connectTo(address: SchedulerAddress | null): void;
  /** Probes hardware and models again and tries at once to connect or register. */
  recheck(): Promise<void>;
  /**
   * Looks around with a simulated GPU, or returns to the real hardware; ends with the program. Resolves when the hardware is known. Until
   * then the agent connects to no other scheduler. Fails with `INVALID_STATE` where a setting simulates.
   */
  simulate(isOn: boolean): Promise<Done>;
  /**
   * Pauses this computer, with or without a connection, until `untilWallMs` or (null) until `resume`. Fails with `INVALID_REQUEST` when this
   * instant has passed or is more than 30 days away.
   */
  pause(untilWallMs: number | null, runningJobs: RunningJobs): Done;
  /** Shares now, also against the rules that pause this computer at this moment. */
  resume(): Done;
  /** Requests a speed measurement of this model. Fails with `NOT_FOUND`, or `INVALID_STATE` when its kind cannot be measured. */
  measureModel(modelId: string): Done;
  dismissNotice(id: string): void;
  /** The load of the GPUs and the CPU over this range. */
  gpuHistory(range: HistoryRange): GpuHistory;
  /** The programs on the GPUs. For some seconds after the call they are listed more often. */
  gpuProcesses(): GpuProcesses;
  /**
   * The settings that offer other GPUs, or other parts of their memory. Fails with `NOT_FOUND` for an unknown or refused GPU, and with
   * `INVALID_STATE` for the last offered one.
   */
  offerGpu(offer: GpuOffer): Outcome<readonly SettingChange[]>;
  /** What this computer gave to its pools. */
  contribution(): Contribution;
  /** The credential of this computer's member, by default at the present scheduler. It changes with each registration. Null: there is none. */
  memberCredential(at?: MemberAddress): string | null;
  /** Removes the credential of this computer's member at this pool. */
  forgetMember(url: string, pin: string | null): void;
}

/** Joins a pool of this network by digits. */
export interface NearbyPort {
  view(): NearbyView;
  subscribe(listener: (view: NearbyView) => void): () => void;
  /** Searches for 60 s after the last call. */
  browse(): void;
  /** Fails with `NOT_FOUND`, or with `INVALID_STATE` while another attempt runs. */
  join(poolId: string): Done;
  /** Fails with `INVALID_STATE` unless the person compares digits now. */
  confirm(isSame: boolean): Done;
  cancel(): void;
}

/** The join link that another program opened with the app. The link waits for the user, who joins or discards it. */
export interface OpenedLinkPort {
  view(): OpenedLinkView | null;
  subscribe(listener: (view: OpenedLinkView | null) => void): () => void;
  discard(): void;
}

/** The settings of this program. */
export interface SettingsPort {
  list(): SettingsView;
  /** Writes the configuration file: all changes or none. Fails with `SETTING_REFUSED`. Resolves to the first setting afterwards. */
  set(changes: readonly SettingChange[]): Promise<Outcome<SettingView>>;
  /** Shows a folder of the program in the file manager. */
  openFolder(folder: SettingsFolder): Promise<Done>;
  /** Asks the user for the folder or the file of this setting. */
  choosePath(key: string): Promise<Outcome<ChosenPath>>;
}

/** The log of this program. */
export interface LogsPort {
  /** A page, which reads a bounded part of the log. */
  read(query: LogQuery): Promise<Outcome<LogPage>>;
}

/** A file of the diagnostics before its private parts are removed. */
export interface DiagnosticsFact {
  readonly name: string;
  readonly value: unknown;
}

export interface DiagnosticsPort {
  /** Makes the files from these facts and the logs, and keeps them. */
  preview(facts: readonly DiagnosticsFact[]): Promise<Outcome<DiagnosticsPreview>>;
  /** Fails with `NOT_FOUND` for another preview than the last one. */
  save(id: string): Promise<Outcome<SavedFile>>;
}

/** Null removes the key, so that the default holds. */
export interface SettingChange {
  readonly key: string;
  readonly value: SettingValue;
}

/** How the hosted scheduler is shared. */
export interface HostSettings {
  readonly scope: HostView['scope'];
  /** `server.plain_http_api` and `server.announce`. Undefined: as before, at first as configured. */
  readonly plainHttpApi?: boolean | undefined;
  readonly announce?: boolean | undefined;
}

/** The scheduler that this computer hosts. */
export interface HostPort {
  view(): HostView;
  subscribe(listener: (view: HostView) => void): () => void;
  /** Resolves when the scheduler listens with these settings, or with the reason why it does not. */
  start(settings: HostSettings): Promise<Done>;
  /** Starts the hosted scheduler again, so that it reads its configuration. */
  restart(): Promise<Done>;
  stop(): Promise<Done>;
}

export type { AppError, PoolAddress };
