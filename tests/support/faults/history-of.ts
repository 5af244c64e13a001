// The record of a pool under faults as the history that clients and nodes saw.
import type { ClusterEvent } from './cluster-history';
import type { FaultEvent } from './fault-record';

export const historyOf = (events: readonly FaultEvent[]): readonly ClusterEvent[] =>
  events.flatMap((event) => {
    const seen = event.type === 'wire' ? messageOf(event) : answerOf(event);
    return seen === null ? [] : [seen];
  });

function answerOf(event: FaultEvent): ClusterEvent | null {
  // Without a key, no other request can name the job.
  if (event.type === 'accepted') return { ...event, key: event.key ?? event.jobId };
  if (event.type === 'unknown') return { type: 'read', during: event.during, jobId: event.jobId, found: null };
  if (event.type !== 'seen' || event.during === undefined) return null;
  const { job_id: jobId, status, attempts, result } = event.job;
  const output = result === null ? null : JSON.stringify(result.output ?? null);
  return { type: 'read', during: event.during, jobId, found: { status, attempt: attempts.at(-1)?.attempt ?? 0, output } };
}

function messageOf({
  atMonotonicMs: atMs,
  node,
  connection,
  direction,
  message,
}: Extract<FaultEvent, { type: 'wire' }>): ClusterEvent | null {
  const job = { atMs, node, jobId: String(message['job_id']), attempt: Number(message['attempt']) };
  if (direction === 'down')
    return message['type'] === 'job_assign' ? { type: 'assigned', member: `connection ${String(connection)}`, ...job } : null;
  if (message['type'] !== 'job_result') return null;
  return { type: 'produced', isSuccess: message['success'] === true, output: JSON.stringify(message['output'] ?? null), ...job };
}
