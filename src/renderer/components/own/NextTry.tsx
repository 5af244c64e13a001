// When the agent tries again to reach its pool.
import type { LinkView } from '../../../shared/api/agent-view';
import { useClockPart } from '../../clock/Clock';
import { useLabels } from '../../i18n/use-labels';

export function NextTry({ link }: { readonly link: Extract<LinkView, { readonly state: 'reconnecting' }> }) {
  const { t, format } = useLabels();
  const { attempt, next_try_at: nextTryWallMs } = link;
  return useClockPart((nowWallMs) => {
    const leftMs = nextTryWallMs - nowWallMs;
    return leftMs > 0 ? t('hero.next_try', { left: format.duration(leftMs + 999), attempt }) : t('hero.trying', { attempt });
  });
}
