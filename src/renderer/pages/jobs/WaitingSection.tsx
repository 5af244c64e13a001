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
import { useLabels } from '../../i18n/use-labels';
import { hrefOf } from '../../routes';
import { ReasonList } from '../../components/ReasonList';
import classes from './WaitingSection.module.css';

type Waiting = NonNullable<AppJob['waiting']>;

export function WaitingSection({ waiting }: { readonly waiting: Waiting }) {
  const { t } = useLabels();
  return (
    <section>
      <h3>{t('jobs.why_waiting')}</h3>
      {waiting.blocked_by !== null && <p>{t(`jobs.blocked_by.${waiting.blocked_by}`)}</p>}
      {waiting.held !== undefined && (
        <div className={classes['held']}>
          <HeldNode
            hold={waiting.held}
            until={<Rich k="why_node.held_until" values={{ at: <ExactTime wallMs={waiting.held.until} /> }} />}
          />
        </div>
      )}
      {waiting.wake !== undefined && (
        <p>
          <WakeLine wake={waiting.wake} />
        </p>
      )}
      {waiting.nodes_total === 0 && <p>{t('jobs.no_nodes')}</p>}
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
