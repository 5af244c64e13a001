// Details beside the list. The list stays usable: a drawer is not modal and has no scrim. The focus goes into the drawer when it opens and
// when it shows another subject. Escape closes it, also from the list, and gives the focus back. In phone windows the drawer is a page.
import { CloseButton } from '@mantine/core';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { createPortal } from 'react-dom';
import { useLabels } from '../../i18n/use-labels';
import { useIsPhone } from '../use-is-phone';
import { useDrawerSlot } from './DrawerSlot';
import { useEscape } from '../use-escape';
import { useFocusInside } from './use-focus-inside';
import classes from './Drawer.module.css';

export interface DrawerProps {
  /** Identifies what the drawer shows, such as the id of a node. */
  readonly subject: string;
  readonly title: string;
  /** Beside the title: marks. */
  readonly marks?: ReactNode;
  readonly actions?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Render it only while it is open. */
export function Drawer(props: DrawerProps) {
  const slot = useDrawerSlot();
  return slot === null ? null : createPortal(<DrawerPanel {...props} />, slot);
}

function DrawerPanel({ subject, title, marks, actions, onClose, children }: DrawerProps) {
  const { t } = useLabels();
  const id = useId();
  const isPhone = useIsPhone();
  const panel = useRef<HTMLDivElement>(null);
  useFocusInside(panel, subject);
  useEscape(onClose);
  useEffect(() => {
    panel.current?.scrollTo(0, 0);
  }, [subject]);
  const close = (
    <CloseButton aria-label={t(isPhone ? 'action.back' : 'action.close')} onClick={onClose} {...(isPhone ? { icon: <BackIcon /> } : {})} />
  );
  return (
    <div ref={panel} className={classes['drawer']} role="dialog" aria-labelledby={id} tabIndex={-1}>
      <div className={classes['head']}>
        {isPhone && close}
        <h2 id={id}>{title}</h2>
        {marks}
        <div className={classes['actions']}>{actions}</div>
        {!isPhone && close}
      </div>
      <div className={classes['body']}>{children}</div>
    </div>
  );
}

const BackIcon = () => (
  <svg
    width="20"
    height="20"
    viewBox="0 0 16 16"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.5"
    strokeLinecap="round"
    aria-hidden="true"
  >
    <path d="M13 8H3.5M7.5 4l-4 4 4 4" strokeLinejoin="round" />
  </svg>
);
