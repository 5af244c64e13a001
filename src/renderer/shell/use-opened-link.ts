// Opens the Pool page when another program opened a join link with the app. The page shows the link. Another link is refused with its reason.
import { useEffect, useRef } from 'react';
import { joinLinkOf, refusedOf } from '../../shared/api/opened-link';
import { useToasts } from '../components/toasts/use-toasts';
import { useLabels } from '../i18n/use-labels';
import { useApp } from '../store/Screen';
import { goTo } from '../store/use-route';

export function useOpenedLink(): void {
  const id = useApp((app) => joinLinkOf(app.opened_link)?.id ?? null);
  useEffect(() => {
    if (id !== null) goTo({ page: 'pool' });
  }, [id]);
}

/** The reason stays until the user dismisses it. The link itself is not shown: its sender chose the text. */
export function useRefusedLink(): void {
  const { t, code } = useLabels();
  const { show } = useToasts();
  const fault = useApp((app) => refusedOf(app.opened_link));
  const id = useApp((app) => app.opened_link?.id ?? null);
  const shownId = useRef<number | null>(null);
  useEffect(() => {
    if (fault === null || id === shownId.current) return;
    shownId.current = id;
    // The address field takes other schemes too.
    const detail = code('join_code', fault === 'scheme_unknown' ? 'other_scheme' : fault);
    show({ text: t('opened_link.refused'), detail, tone: 'error', subject: 'refused_link' });
  }, [fault, id, t, code, show]);
}
