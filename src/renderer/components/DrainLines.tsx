// Who requested a drain, its deadline while the node is draining, and the note.
import type { NodeView } from '../../shared/api/node-view';
import { useClockPart } from '../clock/Clock';
import { useLabels } from '../i18n/use-labels';
import { Rich } from './Rich';
import { StateLines } from './StateLines';
import { Ago } from './Time';

export function DrainLines({ drain }: { readonly drain: NonNullable<NodeView['drain']> }) {
  const { t, format, gap } = useLabels();
  const deadline = useClockPart((nowWallMs) =>
    drain.deadline_at === null ? '' : `${gap}${t('nodes.deadline', { left: format.duration(drain.deadline_at - nowWallMs) })}`,
  );
  return (
    <StateLines shape="draining">
      <p>
        <Rich k={`nodes.drain_by.${drain.by}`} values={{ age: <Ago wallMs={drain.requested_at} /> }} />
        {deadline}
      </p>
      {drain.reason !== null && <p>{t('nodes.drain_note', { reason: drain.reason })}</p>}
    </StateLines>
  );
}
