// Each load of this computer that keeps jobs away: when jobs start again, who set the limit, and where the limit is set.
import { Button } from '@mantine/core';
import type { OverUse } from '../../../shared/api/exclusion-facts';
import { Dim } from '../../components/Dim';
import { Rich } from '../../components/Rich';
import { useLabels } from '../../i18n/use-labels';
import { hrefOf } from '../../routes';
import { SELDOM_MS, useSettings } from '../../queries/settings';

/** Null: this computer has not reported its load. */
export function BusyReasons({ over }: { readonly over: readonly OverUse[] | null }) {
  const { t } = useLabels();
  // The owner, who has the controls of the limits on this page.
  const isOwner = useSettings(SELDOM_MS).value !== null;
  if (over === null) return <p>{t('hero.busy_next.unknown')}</p>;
  return (
    <>
      <ul>
        {over.map((item) => (
          <li key={item.use}>
            <BusyReason over={item} />
          </li>
        ))}
      </ul>
      {isOwner && over.some((item) => item.use !== 'available_memory' && item.setBy === 'scheduler') && (
        <Dim as="p">{t('hero.own_limit_first')}</Dim>
      )}
      {isOwner ? (
        <div>
          <Button component="a" variant="default" size="compact-sm" href={hrefOf({ page: 'settings', id: 'sharing' })}>
            {t('load.change_limit')}
          </Button>
        </div>
      ) : (
        <Dim as="p">{t('load.change_own')}</Dim>
      )}
    </>
  );
}

/**
 * The own pool has no limit, so no load is over a limit of this source. The rule about available memory holds only with the default limit of
 * memory.
 */
function BusyReason({ over }: { readonly over: OverUse }) {
  const { t, format, gap } = useLabels();
  if (over.use === 'available_memory')
    return (
      <>
        <Rich k="hero.busy_next.memory" values={{ required: format.gb(over.requiredGb) }} />
        {gap}
        {t('hero.limit_set.default')}
      </>
    );
  return (
    <>
      <Rich k={`hero.busy_next.${over.use}`} values={{ limit: format.percent(over.limitPercent) }} />
      {over.setBy !== 'own_pool' && (
        <>
          {gap}
          {t(`hero.limit_set.${over.setBy}`)}
        </>
      )}
    </>
  );
}
