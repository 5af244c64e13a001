// After the pool was shared with a button here: what was made, and where it ends.
import type { HostView } from '../../../shared/api/app-state';
import { HostInvitation } from '../../components/own/HostInvitation';
import { StateLines } from '../../components/StateLines';
import { useLabels } from '../../i18n/use-labels';

export function SharedNotice({ host }: { readonly host: HostView }) {
  const { t } = useLabels();
  const { state, scope, join_link: link } = host;
  return (
    <div role="status">
      {state === 'running' && scope === 'lan' && link !== null && (
        <StateLines shape="ready">
          <p>{t('pool.join_link_made')}</p>
          <HostInvitation host={host} />
        </StateLines>
      )}
    </div>
  );
}
