// AppApi: the operations and events that a renderer gets from the program behind it. One table of operations, one contract, three
// transports (direct, IPC, HTTP). A transport carries names, params and outcomes, and decides nothing.
import { z } from 'zod';
import { agentPauseParamsSchema } from './agent-pause';
import type { AppError, Outcome } from './app-error';
import { appDocumentSchema } from './app-documents';
import { appJobContentSchema, appJobSchema, appJobsSchema, jobIdSchema, jobsQuerySchema } from './app-job';
import type { AppEvent } from './app-state';
import { clusterSchema } from './cluster';
import type { AskListener, AskParamsInput } from './ask';
import { exclusionsSchema, explainRequestSchema, explanationSchema, nodeLimitSchema } from './dispatch';
import { contributionSchema, gpuHistorySchema, gpuOfferSchema, gpuProcessesSchema, HISTORY_RANGES } from './gpu';
import { DEFAULT_NODE_LIMIT, jobAcceptedViewSchema } from './job';
import { cancelJobsBodySchema, cancelledJobsSchema } from './job-acts';
import { exportJobsSchema } from './job-export';
import { approveJoinBodySchema, joinRequestIdSchema, joinRequestViewSchema } from './join-requests';
import {
  auditListSchema,
  auditPageSchema,
  createdKeySchema,
  createInviteBodySchema,
  createKeyBodySchema,
  updateKeyBodySchema,
  updateMemberBodySchema,
  credentialIdSchema,
  inviteLinksSchema,
  inviteListSchema,
  inviteViewSchema,
  keyListSchema,
  keyViewSchema,
  memberListSchema,
  memberViewSchema,
} from './members';
import { diagnosticsPreviewSchema, diagnosticsSaveSchema, logPageSchema, logQuerySchema } from './logs';
import { modelActAnswerSchema, modelActSchema } from './model-control';
import { nearbyPoolIdSchema } from './nearby';
import { networkReportSchema } from './network-report';
import { drainBodySchema, nodeViewSchema, quarantineBodySchema } from './node-view';
import { nodeHistoryQuerySchema, nodeHistorySchema } from './node-history';
import { tagsBodySchema } from './node-tags';
import { MAX_ADDRESS_LENGTH } from './join-link';
import { LANGUAGES } from '../language';
import { MAX_DETAILS, recordOf } from '../protocol/bounded';
import { missingModelsSchema } from './missing-models';
import {
  modelDownloadSchema,
  modelShareSchema,
  modelStorageSchema,
  ownActAnswerSchema,
  ownModelActSchema,
  ownModelSchema,
} from './own-models';
import { appFailuresSchema, failuresParamsSchema } from './pool-failures';
import { poolHistoryQuerySchema, poolHistorySchema, poolTotalsSchema } from './pool-history';
import { savedFileSchema } from './saved-file';
import {
  chosenPathSchema,
  settingsChoosePathSchema,
  settingsOpenFolderSchema,
  settingsResetSchema,
  settingsSetSchema,
  settingsViewSchema,
  settingViewSchema,
} from './settings';
import { modelNodesSchema, modelSearchSchema, readyModelsSchema } from './pool-models';
import { usageQuerySchema, usageSchema } from './usage';
import { rememberedPoolIdSchema, rememberedPoolsSchema } from './remembered-pools';
import { modelIdSchema, nodeIdSchema } from '../protocol/node-messages';

const nothing = z.strictObject({});
const credential = z.strictObject({ id: credentialIdSchema });
const rememberedPool = z.strictObject({ pool_id: rememberedPoolIdSchema });
const joinRequest = z.strictObject({ id: joinRequestIdSchema });

/** The address of a pool: a join link, or an address (`host`, `host:port`, `http://...`, `ws://...`) with a token if one is required. */
export const poolAddressSchema = z.strictObject({
  address: z.string().trim().min(1).max(MAX_ADDRESS_LENGTH),
  token: z.string().trim().max(256).optional(),
});

export const JOIN_STEPS = ['address', 'name', 'port', 'http', 'token', 'protocol'] as const;

/**
 * A step of the connection test: passed, failed with a code and details, or skipped after a failed step. The step `token` has the detail
 * `pool_name` when the pool says its name to the caller.
 */
export const joinStepSchema = z.object({
  step: z.enum(JOIN_STEPS),
  outcome: z.enum(['passed', 'failed', 'skipped']),
  /** For example `name_not_found`, `refused`, `timeout`, `not_a_scheduler`, `unauthorized`, `protocol_unsupported`. */
  code: z.string().nullable(),
  details: recordOf(z.string(), z.json(), MAX_DETAILS),
  duration_ms: z.number(),
});

const windowLookSchema = z.strictObject({ language: z.enum(LANGUAGES), theme: z.enum(['system', 'light', 'dark']) });
export type WindowLook = z.infer<typeof windowLookSchema>;

export const OPERATIONS = {
  'agent.recheck': { params: nothing, result: nothing },
  /**
   * Looks around with a simulated GPU in place of the hardware, or returns to the hardware. Ends with the program, and before this computer
   * joins another pool. Fails with `INVALID_STATE` in a pool of others (`in_pool_of_others`), and where a setting simulates.
   */
  'agent.simulate': { params: z.strictObject({ on: z.boolean() }), result: nothing },
  'agent.pause': { params: agentPauseParamsSchema, result: nothing },
  /** Ends the pause of the owner, and overrides the rules that pause this computer now. */
  'agent.resume': { params: nothing, result: nothing },
  /** Measures one model with one small request, when the node is idle. The progress is in the view of the model. */
  'agent.measure_model': { params: z.strictObject({ model_id: modelIdSchema }), result: nothing },
  'agent.dismiss_notice': { params: z.strictObject({ id: z.string().max(64) }), result: nothing },
  /** Jobs, tokens, GPU time and energy that this computer gave to its pools, today and in 7 days. */
  'agent.contribution': { params: nothing, result: contributionSchema },
  'gpu.history': { params: z.strictObject({ range: z.enum(HISTORY_RANGES) }), result: gpuHistorySchema },
  /** While it is called, the agent lists the programs more often. Their names may be private, so the list has its own operation. */
  'gpu.processes': { params: nothing, result: gpuProcessesSchema },
  /** Registers again at once. Fails with `NOT_FOUND`, or `INVALID_STATE` for the last offered GPU: pausing is the way to offer none. */
  'gpu.offer': { params: gpuOfferSchema, result: nothing },
  /** Downloads a model to this computer with Ollama, or continues its paused download. The view of the model shows the progress. */
  'models.download': { params: modelDownloadSchema, result: nothing },
  'models.pause_download': { params: ownModelSchema, result: nothing },
  'models.cancel_download': { params: ownModelSchema, result: nothing },
  /** Deletes a model from the disk of this computer. */
  'models.remove': { params: ownModelSchema, result: ownActAnswerSchema },
  /** Loads, unloads, pins or unpins a model of this computer. */
  'models.control': { params: ownModelActSchema, result: ownActAnswerSchema },
  /** Whether the pool gets the model. Writes the configuration file. */
  'models.share': { params: modelShareSchema, result: nothing },
  'models.storage': { params: nothing, result: modelStorageSchema },
  /**
   * Starts the hosted scheduler, or restarts it with another scope or other settings. An absent setting stays as it is. The settings are
   * kept.
   */
  'host.start': {
    params: z.strictObject({
      scope: z.enum(['this_computer', 'lan']),
      plain_http_api: z.boolean().optional(),
      announce: z.boolean().optional(),
    }),
    result: nothing,
  },
  /** Starts the hosted scheduler again, so that it reads its settings. */
  'host.restart': { params: nothing, result: nothing },
  'host.stop': { params: nothing, result: nothing },
  'join.test': { params: poolAddressSchema, result: z.object({ steps: z.array(joinStepSchema).max(JOIN_STEPS.length) }) },
  /** Tests the connection first. Ends when the agent is connected; on `NOT_JOINED` the membership of before is kept. */
  'join.connect': { params: poolAddressSchema, result: nothing },
  'join.leave': { params: nothing, result: nothing },
  /** The own pool, and those that this computer joined. */
  'pools.list': { params: nothing, result: rememberedPoolsSchema },
  /** The connection test of a remembered pool, with the key of this computer. Without steps for the own pool. Changes nothing. */
  'pools.test': { params: rememberedPool, result: z.object({ steps: z.array(joinStepSchema).max(JOIN_STEPS.length) }) },
  /** Tests, then changes the pool of this computer. The present one stays until the agent is connected to the new one. */
  'pools.switch': { params: rememberedPool, result: nothing },
  /** Forgets a pool and the key of this computer for it. Fails with `INVALID_STATE` for the own and the present pool. */
  'pools.forget': { params: rememberedPool, result: nothing },
  /** Asks the feed. The state `update` has the answer. Fails with `INVALID_STATE` where this installation does not update itself. */
  'update.check': { params: nothing, result: nothing },
  'update.download': { params: nothing, result: nothing },
  /** Ends the download. Fails with `INVALID_STATE` when none runs. */
  'update.cancel': { params: nothing, result: nothing },
  /** Quits the app in order, installs the downloaded update, and starts the app again. */
  'update.install': { params: nothing, result: nothing },
  /** Menu, tray, dialogs and notifications of the desktop app use the language and the theme of its window. */
  'desktop.set_look': { params: windowLookSchema, result: nothing },
  /** Shows a document of the package in another program. `app.documents` names those that this package has. Else `NOT_FOUND`. */
  'desktop.open_document': { params: z.strictObject({ document: appDocumentSchema }), result: nothing },
  /** Forgets the link that another program opened. */
  'join.discard_link': { params: nothing, result: nothing },
  /** Searches pools of this network for 60 s after the last call. A page calls it again while it is open. */
  'nearby.browse': { params: nothing, result: nothing },
  /** Begins an attempt at a found pool. The state `nearby` has its stages. Fails with `INVALID_STATE` while another attempt runs. */
  'nearby.join': { params: z.strictObject({ pool_id: nearbyPoolIdSchema }), result: nothing },
  /** The person at this computer compared the digits with those of the host. */
  'nearby.confirm': { params: z.strictObject({ same: z.boolean() }), result: nothing },
  'nearby.cancel': { params: nothing, result: nothing },
  'doctor.network': { params: nothing, result: networkReportSchema },
  'settings.list': { params: nothing, result: settingsViewSchema },
  /** Writes the configuration file. Fails with `SETTING_REFUSED` and the problem (`settingRefusalSchema`). */
  'settings.set': { params: settingsSetSchema, result: settingViewSchema },
  /** Shows a folder of the program in the file manager. The app alone can. */
  'settings.open_folder': { params: settingsOpenFolderSchema, result: nothing },
  /** Asks the user for a folder or a file in a dialog of the system, and changes nothing. The app alone can. */
  'settings.choose_path': { params: settingsChoosePathSchema, result: chosenPathSchema },
  /** Removes the key from the configuration file, so that its default holds. */
  'settings.reset': { params: settingsResetSchema, result: settingViewSchema },
  /** A page of the log of this program. It reads a bounded part of the log: with strict filters a page may have few lines, or none. */
  'logs.read': { params: logQuerySchema, result: logPageSchema },
  /** The files of the diagnostics, with their content, and the id by which they can be saved for ten minutes. */
  'diagnostics.preview': { params: nothing, result: diagnosticsPreviewSchema },
  /** Saves the files of a preview. Fails with `NOT_FOUND` when another preview was made since. */
  'diagnostics.save': { params: diagnosticsSaveSchema, result: savedFileSchema },
  /** The computers that joined the pool. */
  'members.list': { params: nothing, result: memberListSchema },
  /** Changes roles and models of the member. */
  'members.update': { params: updateMemberBodySchema.extend(credential.shape), result: memberViewSchema },
  /** Disconnects and bars the member. */
  'members.revoke': { params: credential, result: memberViewSchema },
  'invites.list': { params: nothing, result: inviteListSchema },
  /** The only answer with the links of the invitation. */
  'invites.create': { params: createInviteBodySchema, result: inviteLinksSchema },
  'invites.revoke': { params: credential, result: inviteViewSchema },
  'keys.list': { params: nothing, result: keyListSchema },
  /** The only answer with the key. */
  'keys.create': { params: createKeyBodySchema, result: createdKeySchema },
  /** A field that is absent stays as it is. The key itself stays the same. */
  'keys.update': { params: updateKeyBodySchema.extend(credential.shape), result: keyViewSchema },
  'keys.revoke': { params: credential, result: keyViewSchema },
  /** Newest first. `before`: `next_before` of the page before. */
  'audit.list': { params: auditPageSchema, result: auditListSchema },
  /** The digits of the request are those that the newcomer shows. It joins when its person confirms them, too. */
  'join_requests.approve': { params: joinRequest.extend(approveJoinBodySchema.shape), result: joinRequestViewSchema },
  'join_requests.deny': { params: joinRequest, result: nothing },
  /** Returns the node after the operation, as `pool.resume` does, so that the caller need not wait for the event. */
  'pool.drain': { params: z.strictObject({ node_id: nodeIdSchema, ...drainBodySchema.shape }), result: nodeViewSchema },
  'pool.resume': { params: z.strictObject({ node_id: nodeIdSchema }), result: nodeViewSchema },
  'pool.quarantine': { params: z.strictObject({ node_id: nodeIdSchema, ...quarantineBodySchema.shape }), result: nodeViewSchema },
  'pool.release': { params: z.strictObject({ node_id: nodeIdSchema }), result: nodeViewSchema },
  /** Replaces all tags of the node. Returns the node, as `pool.drain` does. */
  'pool.tag_node': { params: z.strictObject({ node_id: nodeIdSchema, ...tagsBodySchema.shape }), result: nodeViewSchema },
  'pool.remove': { params: z.strictObject({ node_id: nodeIdSchema }), result: nothing },
  /** Ends with the action, or after 5 s. */
  'pool.control_model': { params: modelActSchema, result: modelActAnswerSchema },
  /** With its models, which the state leaves out. */
  'pool.node': { params: z.strictObject({ node_id: nodeIdSchema }), result: nodeViewSchema },
  'pool.node_history': { params: z.strictObject({ node_id: nodeIdSchema, ...nodeHistoryQuerySchema.shape }), result: nodeHistorySchema },
  'pool.models': { params: nothing, result: readyModelsSchema },
  'pool.nodes_with_model': { params: modelSearchSchema, result: modelNodesSchema },
  'pool.explain': {
    params: z.strictObject({ ...explainRequestSchema.shape, node_limit: nodeLimitSchema.default(DEFAULT_NODE_LIMIT) }),
    result: explanationSchema,
  },
  'pool.exclusions': { params: nothing, result: exclusionsSchema },
  'pool.reset_exclusions': { params: nothing, result: nothing },
  'pool.jobs': { params: jobsQuerySchema, result: appJobsSchema },
  /** The newest jobs that pass the filters, as a file without contents. */
  'pool.export_jobs': { params: exportJobsSchema, result: savedFileSchema },
  'pool.job': { params: z.strictObject({ job_id: jobIdSchema }), result: appJobSchema },
  /** The result of a job and the output of its program. They may be private, so they have a separate operation (security.md). */
  'pool.job_content': { params: z.strictObject({ job_id: jobIdSchema }), result: appJobContentSchema },
  'pool.cancel_job': { params: z.strictObject({ job_id: jobIdSchema }), result: nothing },
  'pool.cancel_jobs': { params: cancelJobsBodySchema, result: cancelledJobsSchema },
  /** Submits the task of a job that did not succeed once more. Fails with `INVALID_STATE` and a reason of `RETRY_FAULTS`. */
  'pool.retry_job': { params: z.strictObject({ job_id: jobIdSchema }), result: jobAcceptedViewSchema },
  'pool.totals': { params: nothing, result: poolTotalsSchema },
  'pool.history': { params: poolHistoryQuerySchema, result: poolHistorySchema },
  /** The jobs of the last 24 hours that failed or needed another attempt. */
  'pool.failures': { params: failuresParamsSchema, result: appFailuresSchema },
  /** The models that were asked for and that no node has. */
  'pool.missing_models': { params: nothing, result: missingModelsSchema },
  /** Requests, tokens and seconds of GPU by day, key, model or node. */
  'pool.usage': { params: usageQuerySchema, result: usageSchema },
  /** The same as a CSV file. */
  'pool.export_usage': { params: usageQuerySchema, result: savedFileSchema },
  /** The schedulers of the pool, and their database. A scheduler alone has no epoch. */
  'pool.cluster': { params: nothing, result: clusterSchema },
  /**
   * Lets another scheduler of the cluster lead. The connections of the leader end soon after the answer. Fails with `INVALID_STATE`:
   * `not_a_cluster`, or `no_other_member` when none lives that can lead.
   */
  'pool.step_down': { params: nothing, result: nothing },
} as const;

export type OperationName = keyof typeof OPERATIONS;
export type OperationParams<Name extends OperationName> = z.input<(typeof OPERATIONS)[Name]['params']>;
export type OperationResult<Name extends OperationName> = z.output<(typeof OPERATIONS)[Name]['result']>;
export type JoinStep = z.infer<typeof joinStepSchema>;
export type PoolAddress = z.infer<typeof poolAddressSchema>;
export type { AppError, Outcome };

/** A subscriber gets events in order, a snapshot first and after every reconnect; and the state of the connection. */
export interface AppListener {
  /** One message: the events since the one before. Never empty. */
  onEvents(events: readonly AppEvent[]): void;
  /** `leader`: the scheduler that answers does not lead its cluster; host and port of the one that does, null when not known. */
  onConnection(state: ConnectionState, leader?: string | null): void;
}
/**
 * `unauthorized`: the program requires a token that this renderer does not have (a dashboard over the LAN). `forbidden`: the token is valid,
 * and does not allow the dashboard.
 */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'unauthorized' | 'forbidden';

export interface AppApi {
  /** Never throws or rejects: a failure is an outcome. */
  call<Name extends OperationName>(name: Name, params: OperationParams<Name>): Promise<Outcome<OperationResult<Name>>>;
  /** The first event is a snapshot. Returns the unsubscribe function. */
  subscribe(listener: AppListener): () => void;
  /**
   * Sends one request to a model of the pool, and its answer to the listener while it is made (ADR 0028). Never throws: a failure is the last
   * event. Returns the function that cancels the job; no event follows it.
   */
  ask(params: AskParamsInput, listener: AskListener): () => void;
}
