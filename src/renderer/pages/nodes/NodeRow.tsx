// One node in the table.
import type { NodeView } from '../../../shared/api/node-view';
import { Ago, ClockTime } from '../../components/Ago';
import { Badge, SimulatedBadge } from '../../components/SimulatedBadge';
import { StatusWord } from '../../components/StatusWord';
import { useWords } from '../../i18n/use-words';
import { hrefOf } from '../../routes';
import { gpuSummary, modelCount } from './node-figures';
import classes from './NodeRow.module.css';

export function NodeRow({ node, isThisComputer }: { readonly node: NodeView; readonly isThisComputer: boolean }) {
  const words = useWords();
  const { t } = words;
  const { ready, enabled } = modelCount(node);
  return (
    <tr>
      <td>
        <span className={classes['name']}>
          <a href={hrefOf({ page: 'nodes', id: node.node_id })} aria-label={t('nodes.details_of', { name: node.name })}>
            {node.name}
          </a>
          {isThisComputer && <Badge>{t('nodes.this_one')}</Badge>}
          {node.simulated && <SimulatedBadge />}
        </span>
      </td>
      <td>
        <StatusWord shape={node.status} word={t(`status.${node.status}`)} />
        <div className={classes['dim']}>
          {words.code('status_reason', node.reason_code)}
          {!node.online && node.status !== 'offline' && `${t('punctuation.comma')}${t('nodes.not_connected')}`}
        </div>
      </td>
      <td className={classes['nowrap']}>
        <ClockTime timeMs={node.since} />
      </td>
      <td className={classes['gpus']}>{gpuSummary(node, words)}</td>
      <td className={classes['nowrap']}>{`${String(ready)}/${String(enabled)}`}</td>
      <td className={classes['nowrap']}>{`${String(node.in_flight_jobs)}/${String(node.max_concurrent_jobs)}`}</td>
      <td className={classes['nowrap']}>{node.last_heartbeat_at === null ? t('nodes.never') : <Ago timeMs={node.last_heartbeat_at} />}</td>
      <td>{node.version}</td>
    </tr>
  );
}
