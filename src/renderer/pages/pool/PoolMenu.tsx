// The menu of the known pools. The child opens it. A choice tests the connection and asks.
import { Menu } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useLabels } from '../../i18n/use-labels';
import { ChangePoolDialog } from './ChangePoolDialog';
import { PoolItems } from './PoolItems';
import type { PoolChange } from '../../queries/pool-change';
import { hrefOf, OTHER_POOLS_ID } from '../../routes';

export interface PoolMenuProps {
  /** Open from the start. */
  readonly opensAtFirst?: boolean;
  readonly children: ReactElement;
}

export function PoolMenu({ opensAtFirst = false, children }: PoolMenuProps) {
  const { t } = useLabels();
  const [change, setChange] = useState<PoolChange | null>(null);
  return (
    <>
      <Menu position="bottom-start" width={264} shadow="float" withinPortal defaultOpened={opensAtFirst}>
        <Menu.Target>{children}</Menu.Target>
        <Menu.Dropdown>
          <PoolItems onSwitch={setChange} />
          <Menu.Divider />
          <Menu.Item component="a" href={hrefOf({ page: 'pool', id: OTHER_POOLS_ID })}>
            {t('pools.join')}
          </Menu.Item>
          <Menu.Item component="a" href={hrefOf({ page: 'pool', id: OTHER_POOLS_ID })}>
            {t('pools.manage')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ChangePoolDialog change={change} onClose={() => setChange(null)} />
    </>
  );
}
