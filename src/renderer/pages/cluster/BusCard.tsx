// The bus of the cluster, as the scheduler that answers has it.
import type { BusView } from '../../../shared/api/cluster';
import { Card } from '../../components/Card';
import { Facts } from '../../components/Facts';
import { StatusLabel } from '../../components/StatusLabel';
import { useLabels } from '../../i18n/use-labels';

export function BusCard({ bus }: { readonly bus: BusView }) {
  const { t, format } = useLabels();
  const { is_connected: isConnected, unsent, stale, malformed } = bus;
  const counts = { unsent: format.number(unsent), stale: format.number(stale), malformed: format.number(malformed) };
  return (
    <Card title={t('cluster.bus')}>
      <Facts
        isRow
        facts={[
          [
            t('cluster.bus_state'),
            <StatusLabel
              key="state"
              shape={isConnected ? 'ready' : 'degraded'}
              label={t(isConnected ? 'cluster.bus_connected' : 'cluster.bus_lost')}
            />,
          ],
          [t('cluster.bus_server'), bus.server ?? t('unknown.none')],
          [t('cluster.bus_channels'), format.number(bus.channels)],
          [t('cluster.bus_dropped'), unsent + stale + malformed === 0 ? format.number(0) : t('cluster.bus_counts', counts)],
        ]}
      />
    </Card>
  );
}
