// The other addresses of a pool with several schedulers, and what a program sees when the leader fails (docs/cluster.md).
import { Dim } from '../../components/Dim';
import { useMay } from '../../components/RightNote';
import { useLabels } from '../../i18n/use-labels';
import { addressOf } from '../../labels/link-labels';
import { useCluster } from '../../queries/cluster';
import { useApp } from '../../store/Screen';

/** Absent: the pool has one scheduler, or this program does not know the others. */
export function FailoverNote({ baseUrl }: { readonly baseUrl: string }) {
  const { t } = useLabels();
  const { addresses, serving } = useSchedulers();
  const own = new URL(baseUrl).host;
  const others = addresses.filter((address) => address !== own);
  return others.length === 0 ? null : (
    <Dim as="p">{t(`connect.failover.${serving}`, { addresses: others.join(t('punctuation.list')) })}</Dim>
  );
}

interface Schedulers {
  readonly addresses: readonly string[];
  /** `unknown`: whether only the leader serves, or each scheduler. */
  readonly serving: 'all' | 'leader' | 'unknown';
}

/** A node knows the addresses of its pool; only a caller that may view the pool knows if each of them serves. */
function useSchedulers(): Schedulers {
  const mayView = useMay('view');
  const isInCluster = useApp(({ pool }) => pool?.in_cluster === true);
  const link = useApp(({ agent }) => agent?.link ?? null);
  const { value } = useCluster(mayView && isInCluster);
  if (value !== null)
    return {
      addresses: value.members.map(({ address }) => address),
      serving: value.bus === null ? 'leader' : 'all',
    };
  const urls = link !== null && 'other_urls' in link ? (link.other_urls ?? []) : [];
  return { addresses: urls.map(addressOf), serving: 'unknown' };
}
