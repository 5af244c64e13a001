// The quarantine of a node: since when, and the note of the operator.
import type { NodeView } from '../../shared/api/node-view';
import { useLabels } from '../i18n/use-labels';
import { Rich } from './Rich';
import { StateLines } from './StateLines';
import { Ago } from './Time';

export function QuarantineLines({ quarantine }: { readonly quarantine: NonNullable<NodeView['quarantine']> }) {
  const { t } = useLabels();
  return (
    <StateLines shape="paused">
      <p>
        <Rich k="nodes.quarantined_by" values={{ age: <Ago wallMs={quarantine.since} /> }} />
      </p>
      {quarantine.reason !== null && <p>{t('nodes.drain_note', { reason: quarantine.reason })}</p>}
    </StateLines>
  );
}
