// `muster drain NODE`, `resume`, `quarantine` and `release`: operator commands for a running scheduler.
import type { Outcome } from '../../shared/api/app-api';
import { drainBodySchema, quarantineBodySchema } from '../../shared/api/node-view';
import { issueText } from '../../shared/issue-text';
import { fail, ok, type Result } from '../../shared/result';
import type { DrainRequest, PoolPort } from '../contracts/ports';
import type { Command, Invocation } from './command';
import { CLIENT_OPTIONS } from './common-options';
import { EXIT } from './exit-code';
import { printable } from './core/text-table';
import { resumeThisComputer } from './pause-command';
import { withScheduler } from './with-scheduler';

export const drainCommand: Command = {
  name: 'drain',
  summary: 'Drain a node: it gets no new jobs and finishes its running jobs. It stays drained until you resume it.',
  operands: ['NODE'],
  options: {
    timeout: { value: 'SECONDS', doc: 'Requeue jobs that still run after this time. Default: scheduler.drain_timeout_seconds.' },
    reason: { value: 'TEXT', doc: 'The reason, shown with the node.' },
    ...CLIENT_OPTIONS,
  },
  run: async (invocation) => {
    const request = drainRequest(invocation);
    if (!request.ok) {
      invocation.io.err(`muster: ${request.error}\n`);
      return EXIT.usage;
    }
    return operate(invocation, 'drain_requested', (pool, nodeId) => pool.drain(nodeId, request.value));
  },
};

export const resumeCommand: Command = {
  name: 'resume',
  summary: 'Resume a draining or drained node. Without NODE: end the pause of this computer.',
  operands: ['[NODE]'],
  options: CLIENT_OPTIONS,
  run: (invocation) =>
    invocation.operands.length === 0
      ? resumeThisComputer(invocation)
      : operate(invocation, 'resumed', (pool, nodeId) => pool.resume(nodeId)),
};

export const quarantineCommand: Command = {
  name: 'quarantine',
  summary: 'Quarantine a node that you do not trust: its jobs run elsewhere, and it gets no jobs until you release it.',
  operands: ['NODE'],
  options: { reason: { value: 'TEXT', doc: 'The reason, shown with the node.' }, ...CLIENT_OPTIONS },
  run: async (invocation) => {
    const reason = invocation.options.text('reason');
    const request = quarantineBodySchema.safeParse(reason === undefined ? {} : { reason });
    if (!request.success) {
      invocation.io.err(`muster: --reason: ${issueText(request.error.issues[0])}\n`);
      return EXIT.usage;
    }
    return operate(invocation, 'quarantined', (pool, nodeId) => pool.quarantine(nodeId, request.data));
  },
};

export const releaseCommand: Command = {
  name: 'release',
  summary: 'End the quarantine of a node.',
  operands: ['NODE'],
  options: CLIENT_OPTIONS,
  run: (invocation) => operate(invocation, 'released', (pool, nodeId) => pool.release(nodeId)),
};

function drainRequest({ options }: Invocation): Result<DrainRequest, string> {
  const [timeout, reason] = [options.number('timeout'), options.text('reason')];
  if (timeout !== undefined && !timeout.ok) return timeout;
  const parsed = drainBodySchema.safeParse({
    ...(timeout === undefined ? {} : { timeout_seconds: timeout.value }),
    ...(reason === undefined ? {} : { reason }),
  });
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  return fail(`--${issue?.path[0] === 'reason' ? 'reason' : 'timeout'}: ${issueText(issue)}`);
}

function operate(
  invocation: Invocation,
  done: string,
  act: (pool: PoolPort, nodeId: string) => Promise<Outcome<unknown>>,
): Promise<number> {
  const { io, options, operands } = invocation;
  const nodeId = operands[0] ?? '';
  return withScheduler(invocation, async ({ pool }) => {
    const outcome = await act(pool, nodeId);
    if (!outcome.ok) return outcome;
    io.out(options.isSet('json') ? `${JSON.stringify({ node_id: nodeId, done })}\n` : `${printable(nodeId)}: ${done.replace('_', ' ')}\n`);
    return ok(EXIT.ok);
  });
}
