// `muster pending`, `muster approve ID` and `muster deny ID`: computers that ask to join the pool by digits.
import { z } from 'zod';
import { joinRequestListSchema, type JoinRequestView, joinRequestViewSchema } from '../../shared/api/join-requests';
import { ok } from '../../shared/result';
import type { Command, Invocation } from './command';
import { CLIENT_OPTIONS } from './common-options';
import { ageText, printable, textTable } from './core/text-table';
import { EXIT } from './exit-code';
import { withScheduler } from './with-scheduler';

export const pendingCommand: Command = {
  name: 'pending',
  summary: 'List the computers that ask to join the pool, with their six digits.',
  operands: [],
  options: CLIENT_OPTIONS,
  run: (invocation) =>
    withScheduler(invocation, async ({ client }) => {
      const answer = await client.ask({ method: 'GET', path: '/api/v1/join-requests' }, joinRequestListSchema);
      if (!answer.ok) return answer;
      const { io, options } = invocation;
      io.out(options.isSet('json') ? `${JSON.stringify(answer.value, null, 2)}\n` : pendingText(answer.value.join_requests, Date.now()));
      return ok(EXIT.ok);
    }),
};

export const approveCommand: Command = {
  name: 'approve',
  summary: 'Approve a computer that shows the same six digits as this pool. Compare them first: muster pending.',
  operands: ['ID'],
  options: CLIENT_OPTIONS,
  run: (invocation) =>
    decide(invocation, 'approve', joinRequestViewSchema, ({ confirmed }) =>
      confirmed ? 'approved' : 'approved; the computer joins when its person confirms the digits',
    ),
};

export const denyCommand: Command = {
  name: 'deny',
  summary: 'Deny the request of a computer to join the pool.',
  operands: ['ID'],
  options: CLIENT_OPTIONS,
  run: (invocation) => decide(invocation, 'deny', z.looseObject({}), () => 'denied'),
};

function decide<Schema extends z.ZodType>(
  invocation: Invocation,
  decision: 'approve' | 'deny',
  schema: Schema,
  textOf: (answer: z.output<Schema>) => string,
): Promise<number> {
  const { io, options, operands } = invocation;
  const id = operands[0] ?? '';
  const done = decision === 'approve' ? 'approved' : 'denied';
  return withScheduler(invocation, async ({ client }) => {
    const path = `/api/v1/join-requests/${encodeURIComponent(id)}/${decision}`;
    const answer = await client.ask({ method: 'POST', path, body: {} }, schema);
    if (!answer.ok) return answer;
    io.out(options.isSet('json') ? `${JSON.stringify({ request_id: id, done })}\n` : `${printable(id)}: ${textOf(answer.value)}\n`);
    return ok(EXIT.ok);
  });
}

function pendingText(requests: readonly JoinRequestView[], nowWallMs: number): string {
  if (requests.length === 0) return 'No computer asks to join.\n';
  const rows = requests.map(({ id, digits, name, looks_like: looksLike, gpus, address, requested_at: requestedAt, ...people }) => [
    id,
    `${digits.slice(0, 3)} ${digits.slice(3)}`,
    looksLike === null ? name : `${name} (looks like the node ${looksLike})`,
    gpus.map((gpu) => gpu.name).join(', ') || '-',
    address,
    ageText(nowWallMs - requestedAt),
    people.confirmed ? 'yes' : 'not yet',
  ]);
  return textTable(['ID', 'DIGITS', 'NAME (CLAIMED)', 'GPUS (CLAIMED)', 'ADDRESS', 'AGE', 'CONFIRMED THERE'], rows);
}
