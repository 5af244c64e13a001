// The other addresses of a pool with several schedulers, and what a program sees when the leader fails (docs/cluster.md).
import { isMissing } from '../../../shared/api/cluster';
import { Dim } from '../../components/Dim';
import { useMay } from '../../components/RightNote';
import { useLabels } from '../../i18n/use-labels';
import { addressOf } from '../../labels/link-labels';
import { useCluster } from '../../queries/cluster';
import { useApp } from '../../store/Screen';

/** Absent: the pool has one scheduler, or this program does not know the others. */
export function FailoverNote({ baseUrl }: { readonly baseUrl: string }) {
  const { t } = useLabels();
  const own = new URL(baseUrl).host;
  const others = useAddresses().filter((address) => address !== own);
  return others.length === 0 ? null : <Dim as="p">{t('connect.failover', { addresses: others.join(t('punctuation.list')) })}</Dim>;
}

/** Of those that were seen lately, as the schedulers report them, or as a node of the pool knows them. */
function useAddresses(): readonly string[] {
  const mayView = useMay('view');
  const isInCluster = useApp(({ pool }) => pool?.in_cluster === true);
  const link = useApp(({ agent }) => agent?.link ?? null);
  const { value } = useCluster(mayView && isInCluster);
  if (value !== null) return value.members.filter((one) => one.name !== value.self && !isMissing(one)).map(({ address }) => address);
  return link !== null && 'other_urls' in link ? (link.other_urls ?? []).map(addressOf) : [];
}
