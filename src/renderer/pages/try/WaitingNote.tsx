// What happens before the first token: why the job waits, with numbers; or that a node loads the model or reads the prompt.
import { Button, Group } from '@mantine/core';
import type { AskWaiting } from '../../../shared/api/ask';
import { EXCLUSION_REASONS } from '../../../shared/protocol/status';
import { ExclusionText } from '../../components/Exclusion';
import { NodeName, useNodeName } from '../../components/NodeName';
import { WakeLine } from '../../components/WakeLine';
import { useLabels } from '../../i18n/use-labels';
import { hrefOf } from '../../routes';
import { useApp } from '../../store/Screen';
import type { Answer } from './answer';
import { useAnswerNode } from './use-answer-node';
import { useElapsedMs } from './use-elapsed';
import classes from './WaitingNote.module.css';

/** A load that is shorter than this is not worth a sentence. */
const LEAST_LOAD_SECONDS = 1;

export interface WaitingNoteProps {
  readonly answer: Answer;
  readonly onOtherModel: (() => void) | null;
}

export function WaitingNote({ answer, onOtherModel }: WaitingNoteProps) {
  const { t, format, gap } = useLabels();
  const elapsedMs = useElapsedMs(answer.sentAtMonotonicMs, true);
  const node = useAnswerNode(answer);
  const hasJobs = useApp(({ pool }) => pool !== null);
  const { job } = answer;
  if (job?.waiting != null) {
    return (
      <div className={classes['note']}>
        <p>
          <b>{t('try_it.waits')}</b>
          {job.waiting.ahead > 0 && ` · ${t('try_it.ahead', { count: job.waiting.ahead })}`} · {format.duration(elapsedMs)}
        </p>
        <Reasons waiting={job.waiting} />
        <Group gap="xs" className={classes['acts'] ?? ''}>
          {onOtherModel !== null && (
            <Button size="compact-xs" variant="default" onClick={onOtherModel}>
              {t('try_it.other_model')}
            </Button>
          )}
          {hasJobs && <a href={hrefOf({ page: 'jobs', id: job.job_id })}>{t('try_it.why_waits')}</a>}
        </Group>
      </div>
    );
  }
  if (node === null) return <p className={classes['note']}>{t('try_it.sending')}</p>;
  const loadSeconds = job?.prediction?.nodes[0]?.terms.load ?? 0;
  return (
    <p className={classes['note']}>
      {loadSeconds >= LEAST_LOAD_SECONDS ? t('try_it.loads', { node, seconds: format.seconds(loadSeconds) }) : t('try_it.reads', { node })}
      {gap}
      {format.duration(elapsedMs)}
    </p>
  );
}

function Reasons({ waiting: { reasons, nodes, nodes_total: total, held, wake } }: { readonly waiting: AskWaiting }) {
  const { t, code } = useLabels();
  if (total === 0) return <p>{t('try_it.no_nodes')}</p>;
  if (held !== null) return <Held held={held} />;
  if (wake !== undefined)
    return (
      <p>
        <WakeLine wake={wake} />
      </p>
    );
  const counted = EXCLUSION_REASONS.flatMap((reason) => {
    const count = reasons[reason]?.count ?? 0;
    return count === 0 ? [] : [{ reason, count }];
  });
  return (
    <ul>
      {counted.map(({ reason, count }) => (
        <li key={reason}>{t('try_it.waiting_reason', { count, reason: code('exclusion', reason) })}</li>
      ))}
      {nodes.map(({ node_id: nodeId, excluded }) => {
        const [first] = excluded;
        return first === undefined ? null : (
          <li key={nodeId} className={classes['node']}>
            <NodeName nodeId={nodeId} />
            {t('punctuation.colon')}
            <ExclusionText exclusion={first} />
          </li>
        );
      })}
    </ul>
  );
}

function Held({ held }: { readonly held: NonNullable<AskWaiting['held']> }) {
  const { t, format } = useLabels();
  const node = useNodeName(held.node.node_id);
  return <p>{t('try_it.held', { seconds: format.seconds(held.max_seconds), node })}</p>;
}
