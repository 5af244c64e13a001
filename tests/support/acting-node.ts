// A node that accepts each job and then acts as a test says: it fails, answers with nonsense, or as an honest one.
import type { JobAssign } from '../../src/shared/protocol/scheduler-messages';
import { accept, readyNode, succeed } from './job-pool';
import type { RegisterInput, TestNode } from './test-node';

export type Act = (node: TestNode, assign: JobAssign) => void;

export const MODEL = { model_id: 'llm-a', kind: 'llm' as const, version: '1' };

/** Answers each assignment as `act` does. Returns the jobs that it got. */
export async function joinedNode(
  schedulerUrl: string,
  act: Act,
  change: Partial<RegisterInput> = {},
): Promise<{ readonly node: Awaited<ReturnType<typeof readyNode>>; readonly jobs: JobAssign[] }> {
  const node = await readyNode(schedulerUrl, { installed_models: [MODEL], ...change });
  const jobs: JobAssign[] = [];
  node.socket.on('message', (data) => {
    const message = JSON.parse((data as Buffer).toString()) as { readonly type: string };
    if (message.type !== 'job_assign') return;
    const assign = message as JobAssign;
    jobs.push(assign);
    accept(node, assign);
    act(node, assign);
  });
  return { node, jobs };
}

export const report = (node: TestNode, { job_id, attempt, trace_id }: JobAssign, result: object): void => {
  node.socket.send(
    JSON.stringify({ type: 'job_result', job_id, attempt, node_id: node.nodeId, processing_time_ms: 1, trace_id, ...result }),
  );
};
export const fails = (node: TestNode, assign: JobAssign): void => {
  report(node, assign, { success: false, error: { code: 'nope', message: 'cannot do it' } });
};

export const answers =
  (output: unknown) =>
  (node: TestNode, assign: JobAssign): void => {
    succeed(node, assign, output);
  };
export const no = (status: number) => ({ status, body: { error: { message: 'no' } } });
