// The pause of a node by its owner: reason, end, beginning, and who can end it.
import type { PauseView } from '../../shared/protocol/pauses';
import { useClockPart } from '../clock/Clock';
import { useLabels } from '../i18n/use-labels';
import { pauseLabel } from '../labels/pause-labels';
import { Rich } from './Rich';
import { StateLines } from './StateLines';
import { ClockTime } from './Time';

export function PauseLines({ pause }: { readonly pause: PauseView }) {
  const labels = useLabels();
  const { t, format, gap } = labels;
  const label = useClockPart((nowWallMs) => pauseLabel(labels, { ...pause, code: pause.reason_code }, 'node', nowWallMs));
  const left = useClockPart((nowWallMs) =>
    pause.deadline_at === null ? '' : `${gap}${t('nodes.deadline', { left: format.duration(pause.deadline_at - nowWallMs) })}`,
  );
  return (
    <StateLines shape="paused">
      <p>
        {label}
        {t('punctuation.stop')}
        {gap}
        <Rich k="pause.since" values={{ since: <ClockTime wallMs={pause.since} /> }} />
        {pause.running_jobs === 'move' ? `${gap}${t('pause.moves')}` : left}
      </p>
    </StateLines>
  );
}
