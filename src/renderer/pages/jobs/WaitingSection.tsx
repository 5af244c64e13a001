// Why a job waits: the reasons that exclude nodes, and for each node the wanted and found values.
import type { AppJob } from '../../../shared/api/app-job';
import { Dim } from '../../components/Dim';
import { ExclusionText } from '../../components/Exclusion';
import { NodeName } from '../../components/NodeName';
import { NodeState } from '../../components/NodeState';
import { Rich } from '../../components/Rich';
import { ExactTime } from '../../components/Time';
import { WakeLine } from '../../components/WakeLine';
import { HeldNode } from '../../components/WhyNode/HeldNode';
import { useMay } from '../../components/RightNote';
import { useLabels } from '../../i18n/use-labels';
import { useGroupedReasons } from '../../queries/dispatch';
import { hrefOf } from '../../routes';
import { ReasonList } from '../../components/ReasonList';
import { WhyWaiting } from './explain/WhyWaiting';
import { deadlineOf } from './job-figures';
import classes from './WaitingSection.module.css';

type Waiting = NonNullable<AppJob['waiting']>;

const MS_PER_SECOND = 1000;

export interface WaitingSectionProps {
  readonly waiting: Waiting;
  readonly job: AppJob;
}

export function WaitingSection({ waiting, job }: WaitingSectionProps) {
  const { t } = useLabels();
  const mayExplain = useMay('explain');
  const grouped = useGroupedReasons(job.requirements, mayExplain);
  const isLoading = mayExplain && grouped.value === null && grouped.error === null;
  return (
    <>
      <Place waiting={waiting} job={job} />
      {(waiting.blocked_by !== null || waiting.held !== undefined || waiting.wake !== undefined || waiting.nodes_total === 0) && (
        <section>
          <h3>{t('jobs.why_waiting')}</h3>
          {waiting.blocked_by !== null && <p>{t(`jobs.blocked_by.${waiting.blocked_by}`)}</p>}
          {waiting.held !== undefined && (
            <HeldNode
              hold={waiting.held}
              until={<Rich k="why_node.held_until" values={{ at: <ExactTime wallMs={waiting.held.until} /> }} />}
            />
          )}
          {waiting.wake !== undefined && (
            <p>
              <WakeLine wake={waiting.wake} />
            </p>
          )}
          {waiting.nodes_total === 0 && <p>{t('jobs.no_nodes')}</p>}
        </section>
      )}
      {grouped.value?.groups !== undefined && <WhyWaiting explanation={grouped.value} job={job} />}
      {!isLoading && grouped.value?.groups === undefined && waiting.nodes_total > 0 && <Counts waiting={waiting} />}
    </>
  );
}

/** None while the job waits for its retry, or nothing starts. Without a prediction of its start: until when the job waits. */
function Place({ waiting: { ahead, wait_seconds: seconds, not_before: retryAt, blocked_by: blockedBy }, job }: WaitingSectionProps) {
  const { t, format } = useLabels();
  if (retryAt !== null || blockedBy !== null) return null;
  const deadline = deadlineOf(job);
  return (
    <Dim as="p">
      {t('jobs.place', { place: format.number(ahead + 1) })}
      {seconds !== undefined && ` · ${t('jobs.starts_in', { left: format.duration(Math.max(1, Math.ceil(seconds)) * MS_PER_SECOND) })}`}
      {seconds === undefined && deadline !== null && (
        <>
          {' · '}
          <Rich k="jobs.waits_at_most" values={{ at: <ExactTime wallMs={deadline.atWallMs} /> }} />
        </>
      )}
    </Dim>
  );
}

/** For a caller that may not explain, or a scheduler of an earlier version. */
function Counts({ waiting }: { readonly waiting: Waiting }) {
  const { t } = useLabels();
  return (
    <section>
      <h3>{t('jobs.why_waiting')}</h3>
      <ReasonList reasons={waiting.reasons} />
      {waiting.nodes.length > 0 && <Nodes waiting={waiting} />}
    </section>
  );
}

function Nodes({ waiting: { nodes, nodes_total } }: { readonly waiting: Waiting }) {
  const { t } = useLabels();
  const more = nodes_total - nodes.length;
  return (
    <>
      <h3 className={classes['where']}>{t('jobs.where')}</h3>
      <ul className={classes['nodes']}>
        {nodes.map(({ node_id, excluded }) => (
          <li key={node_id}>
            <div>
              <a href={hrefOf({ page: 'nodes', id: node_id })}>
                <NodeName nodeId={node_id} />
              </a>
              <Dim>
                <NodeState nodeId={node_id} />
              </Dim>
            </div>
            <ul>
              {excluded.length === 0 && <li>{t('jobs.passes')}</li>}
              {excluded.map((exclusion) => (
                <li key={exclusion.filter}>
                  <ExclusionText exclusion={exclusion} />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {more > 0 && <Dim as="p">{t('jobs.more_nodes', { count: more })}</Dim>}
    </>
  );
}
