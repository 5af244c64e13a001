// A change to another known pool in the palette, on every page. The change tests the connection and asks.
import { useState } from 'react';
import { useCommands, usePaletteOpen } from '../../components/commands/commands';
import { useLabels } from '../../i18n/use-labels';
import type { PoolChange } from '../../queries/pool-change';
import { useRememberedPools } from '../../queries/pools';
import { useApp } from '../../store/Screen';
import { ChangePoolDialog } from './ChangePoolDialog';
import { changeTo, usePoolTitle } from './pool-title';

export function PoolCommands() {
  const { t } = useLabels();
  const isOpen = usePaletteOpen();
  const hasAgent = useApp(({ agent }) => agent !== null);
  const pools = useRememberedPools(isOpen && hasAgent) ?? [];
  const titleOf = usePoolTitle();
  const [change, setChange] = useState<PoolChange | null>(null);
  useCommands((search) => {
    if (search.trim() === '' || !hasAgent) return [];
    return pools
      .filter((pool) => !pool.is_current)
      .map((pool) => ({
        id: `pool ${pool.pool_id}`,
        group: 'actions',
        title: t('palette.switch_pool', { name: titleOf(pool) }),
        detail: pool.address ?? pool.name ?? '',
        run: () => setChange(changeTo(pool, titleOf(pool))),
      }));
  });
  return <ChangePoolDialog change={change} onClose={() => setChange(null)} />;
}
