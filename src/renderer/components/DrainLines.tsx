// Who requested a drain, its deadline while the node is draining, and the note.
import type { NodeView } from '../../shared/api/node-view';
import { useClockPart } from '../clock/Clock';
import { useLabels } from '../i18n/use-labels';
import { drainNoteLabel } from '../labels/availability-labels';
import { Rich } from './Rich';
import { StateLines } from './StateLines';
import { Ago } from './Time';

export function DrainLines({ drain }: { readonly drain: NonNullable<NodeView['drain']> }) {
  const labels = useLabels();
  const { t, format, gap } = labels;
  const note = drainNoteLabel(labels, drain.reason);
  const deadline = useClockPart((nowWallMs) =>
    drain.deadline_at === null ? '' : `${gap}${t('nodes.deadline', { left: format.duration(drain.deadline_at - nowWallMs) })}`,
  );
  return (
    <StateLines shape="draining">
      <p>
        <Rich k={`nodes.drain_by.${drain.by}`} values={{ age: <Ago wallMs={drain.requested_at} /> }} />
        {deadline}
      </p>
      {note !== null && <p>{t('nodes.drain_note', { reason: note })}</p>}
    </StateLines>
  );
}
