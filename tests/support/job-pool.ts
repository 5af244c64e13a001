// A pool for tests of jobs: ready nodes on real sockets, and jobs over HTTP.
import type { JobSubmissionInput, JobView } from '../../src/shared/api/job';
import type { NodeView } from '../../src/shared/api/node-view';
import type { NodeHeartbeat } from '../../src/shared/protocol/node-messages';
import type { JobAssign } from '../../src/shared/protocol/scheduler-messages';
import { sendRequest, type HttpAnswer } from './http-api';
import { heartbeat, type RegisterInput, TestNode } from './test-node';

export const chatTask = (content = 'hello', model = 'llm-a') => ({
  kind: 'openai' as const,
  path: '/v1/chat/completions' as const,
  body: { model, messages: [{ role: 'user', content }] },
});

/** A whole answer to `chatTask`. */
export const chatOutput = (content: string) => ({
  status: 200,
  body: { choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }] },
});

export const submission = (change: Partial<JobSubmissionInput> = {}): JobSubmissionInput => ({ task: chatTask(), ...change });

export async function submit(
  port: number,
  change: Partial<JobSubmissionInput> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpAnswer> {
  return sendRequest(port, { method: 'POST', path: '/api/v1/jobs', body: submission(change), headers });
}

/** Submits a job that must be accepted. */
export async function submitted(
  port: number,
  change: Partial<JobSubmissionInput> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const answer = await submit(port, change, headers);
  if (answer.status !== 202) throw new Error(`${String(answer.status)} ${answer.text}`);
  return (answer.json() as { readonly job_id: string }).job_id;
}

export async function jobOf(port: number, jobId: string): Promise<JobView> {
  return (await sendRequest(port, { path: `/api/v1/jobs/${jobId}` })).json() as JobView;
}

export async function nodeOf(port: number, nodeId: string): Promise<NodeView> {
  return (await sendRequest(port, { path: `/api/v1/nodes/${nodeId}` })).json() as NodeView;
}

export async function beat(node: TestNode, times = 1, change: Partial<NodeHeartbeat> = {}): Promise<void> {
  for (let i = 0; i < times; i++) node.send(heartbeat(node.nodeId, change));
  await node.settled();
}

export async function readyNode(
  url: string,
  change: Partial<RegisterInput> = {},
  headers: Readonly<Record<string, string>> = {},
): ReturnType<typeof TestNode.registered> {
  const node = await TestNode.registered(url, change, headers);
  for (let i = 0; i < 3; i++) node.send(heartbeat(node.nodeId));
  await node.until('node_status', (message) => message.status === 'ready');
  return node;
}

export function accept(node: TestNode, { job_id, attempt }: Pick<JobAssign, 'job_id' | 'attempt'>): void {
  node.send({ type: 'job_accepted', job_id, attempt });
}

export function succeed(
  node: TestNode,
  { job_id, attempt, trace_id }: Pick<JobAssign, 'job_id' | 'attempt' | 'trace_id'>,
  output: unknown = chatOutput('hi'),
): void {
  node.send({ type: 'job_result', job_id, attempt, node_id: node.nodeId, success: true, output, processing_time_ms: 5, trace_id });
}

export function failAttempt(
  node: TestNode,
  { job_id, attempt, trace_id }: Pick<JobAssign, 'job_id' | 'attempt' | 'trace_id'>,
  retryable: boolean,
): void {
  const error = { code: 'runtime_http_500', message: 'it broke', details: { retryable } };
  node.send({ type: 'job_result', job_id, attempt, node_id: node.nodeId, success: false, error, processing_time_ms: 5, trace_id });
}
