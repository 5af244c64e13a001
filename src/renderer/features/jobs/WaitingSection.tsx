// Why a job waits: the reasons that keep nodes out, and node by node what was wanted and found.
import type { AppJob } from '../../../shared/api/app-job';
import { ExclusionText } from '../../components/ExclusionText';
import { useWords } from '../../i18n/use-words';
import { ReasonList } from './ReasonList';
import { useNodeName } from './use-node-name';
import classes from './WaitingSection.module.css';

type Waiting = NonNullable<AppJob['waiting']>;

export function WaitingSection({ waiting }: { readonly waiting: Waiting }) {
  const { t } = useWords();
  return (
    <section>
      <h3>{t('jobs.why_waiting')}</h3>
      {waiting.blocked_by !== null && <p>{t(`jobs.blocked_by.${waiting.blocked_by}`)}</p>}
      {waiting.nodes_total === 0 && <p>{t('jobs.no_nodes')}</p>}
      <ReasonList reasons={waiting.reasons} />
      {waiting.nodes.length > 0 && <Nodes waiting={waiting} />}
    </section>
  );
}

function Nodes({ waiting: { nodes, nodes_total } }: { readonly waiting: Waiting }) {
  const { t } = useWords();
  const nameOf = useNodeName();
  const more = nodes_total - nodes.length;
  return (
    <>
      <h3 className={classes['where']}>{t('jobs.where')}</h3>
      <ul className={classes['nodes']}>
        {nodes.map(({ node_id, excluded }) => (
          <li key={node_id}>
            <a href={`#/nodes/${encodeURIComponent(node_id)}`}>{nameOf(node_id)}</a>
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
      {more > 0 && <p className={classes['dim']}>{t('jobs.more_nodes', { count: more })}</p>}
    </>
  );
}
