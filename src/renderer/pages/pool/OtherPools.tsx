// On a host and a member: the ways to other pools, in one section that is closed while this computer is in a pool that works.
import { type ReactNode, useState } from 'react';
import { useLabels } from '../../i18n/use-labels';
import { OTHER_POOLS_ID } from '../../routes';
import { useRoutePart } from '../../store/use-route';
import classes from './OtherPools.module.css';

export interface OtherPoolsProps {
  /** Open at first, also without a link to the section. */
  readonly isNeeded: boolean;
  readonly children: ReactNode;
}

export function OtherPools({ isNeeded, children }: OtherPoolsProps) {
  const linked = useRoutePart(({ page, id }) => (page === 'pool' && id === OTHER_POOLS_ID ? id : null));
  return (
    <Section key={linked} opensAtFirst={isNeeded || linked !== null}>
      {children}
    </Section>
  );
}

function Section({ opensAtFirst, children }: { readonly opensAtFirst: boolean; readonly children: ReactNode }) {
  const { t } = useLabels();
  const [isOpen, setIsOpen] = useState(opensAtFirst);
  return (
    <details className={classes['others']} open={isOpen} onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>
        {t('pools.others')} <span>{t('pools.others_note')}</span>
      </summary>
      {isOpen && children}
    </details>
  );
}
