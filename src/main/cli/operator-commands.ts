// `muster drain NODE` and `muster resume NODE`: an operator's acts on a running scheduler.
import type { Outcome } from '../../shared/api/app-api';
import { drainBodySchema } from '../../shared/api/node-view';
import { fail, ok, type Result } from '../../shared/result';
import { HttpPool } from '../scheduler-client/pool-client';
import type { DrainRequest, PoolPort } from '../contracts/ports';
import { systemClock } from '../platform/clock';
import type { Command, Invocation } from './command';
import { CLIENT_OPTIONS } from './common-options';
import { EXIT } from './exit-code';
import { findScheduler, requestFailure } from './scheduler-client';
import { commandLogger } from './settings';
import { printable } from './core/text-table';
import { wordingOf } from './core/labels';

export const drainCommand: Command = {
  name: 'drain',
  summary: 'Give a node no new jobs, and let it finish those it has. It stays drained until it is resumed.',
  operands: ['NODE'],
  options: {
    timeout: { value: 'SECONDS', doc: 'Take back what is still in flight after this time; by default scheduler.drain_timeout_seconds.' },
    reason: { value: 'TEXT', doc: 'Why, for everybody who looks at the node.' },
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
  summary: 'Take a draining or drained node back.',
  operands: ['NODE'],
  options: CLIENT_OPTIONS,
  run: (invocation) => operate(invocation, 'resumed', (pool, nodeId) => pool.resume(nodeId)),
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
  return fail(`--${issue?.path[0] === 'reason' ? 'reason' : 'timeout'}: ${issue?.message ?? 'invalid'}`);
}

async function operate(
  invocation: Invocation,
  done: string,
  act: (pool: PoolPort, nodeId: string) => Promise<Outcome<unknown>>,
): Promise<number> {
  const { io, options, operands } = invocation;
  const nodeId = operands[0] ?? '';
  const place = await findScheduler(invocation);
  if (!place.ok) {
    io.err(`muster: ${place.error.message}\n`);
    return place.error.exitCode;
  }
  const pool = new HttpPool({ ...place.value, clock: systemClock, logger: commandLogger(place.value.settings, io) });
  const outcome = await act(pool, nodeId);
  if (!outcome.ok) {
    const { message, exitCode } = requestFailure(outcome.error, place.value.baseUrl, wordingOf(io.env, invocation.options));
    io.err(`muster: ${message}\n`);
    return exitCode;
  }
  io.out(options.isSet('json') ? `${JSON.stringify({ node_id: nodeId, done })}\n` : `${printable(nodeId)}: ${done.replace('_', ' ')}\n`);
  return EXIT.ok;
}
