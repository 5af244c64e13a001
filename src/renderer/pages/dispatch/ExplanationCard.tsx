// The answer: who would get the job, and for every other node each filter it does not pass, wanted against found.
import type { Explanation } from '../../../shared/api/dispatch';
import { Card } from '../../components/Card';
import { Code } from '../../components/Code';
import { ExclusionText } from '../../components/ExclusionText';
import { NodeName } from '../../components/NodeName';
import { Rich } from '../../components/Rich';
import { SimulatedBadge } from '../../components/SimulatedBadge';
import { StatusWord } from '../../components/StatusWord';
import { Table } from '../../components/Table';
import { useWords } from '../../i18n/use-words';
import { useApp } from '../../store/Screen';
import classes from './ExplanationCard.module.css';

export function ExplanationCard({ explanation }: { readonly explanation: Explanation }) {
  const words = useWords();
  const { t } = words;
  const { chosen } = explanation;
  return (
    <Card label={t('dispatch.result')}>
      <div className={classes['explanation']}>
        <p role="status" className={classes['answer']}>
          {chosen !== null && <Rich k="dispatch.chosen" values={{ name: <NodeName nodeId={chosen} /> }} />}
          {chosen === null && t(explanation.nodes.length === 0 ? 'dispatch.no_nodes' : 'dispatch.nobody')}
        </p>
        {explanation.nodes.length > 0 && (
          <Table label={t('dispatch.result')} columns={[t('dispatch.node_column'), t('dispatch.result'), t('dispatch.why')]}>
            {explanation.nodes.map(({ node_id, excluded }) => (
              <tr key={node_id}>
                <td>
                  <span className={classes['node']}>
                    <NodeName nodeId={node_id} />
                    <SimulatedMark nodeId={node_id} />
                  </span>
                </td>
                <td>
                  {excluded.length === 0 ? (
                    <StatusWord shape="ready" word={t(node_id === chosen ? 'dispatch.would_get' : 'dispatch.could')} />
                  ) : (
                    <StatusWord shape="offline" word={t('dispatch.excluded')} />
                  )}
                </td>
                <td>
                  {excluded.length === 0 && t('dispatch.passes')}
                  <ul>
                    {excluded.map((exclusion) => (
                      <li key={exclusion.filter}>
                        <b>{words.code('exclusion', exclusion.code)}</b>
                        {t('punctuation.colon')}
                        <ExclusionText exclusion={exclusion} /> <Code>{exclusion.code}</Code>
                      </li>
                    ))}
                  </ul>
                </td>
              </tr>
            ))}
          </Table>
        )}
      </div>
    </Card>
  );
}

function SimulatedMark({ nodeId }: { readonly nodeId: string }) {
  return useApp(({ nodes }) => nodes.get(nodeId)?.simulated === true) ? <SimulatedBadge /> : null;
}
