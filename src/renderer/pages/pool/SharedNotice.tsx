// After the pool was shared with a button here: what was made, and where it ends.
import type { HostView } from '../../../shared/api/app-state';
import { JOIN_LINK_USES } from '../../../shared/api/own-pool';
import { CopyButton } from '../../components/CopyButton';
import { StateLines } from '../../components/StateLines';
import { useLabels } from '../../i18n/use-labels';
import { hrefOf } from '../../routes';

export function SharedNotice({ host: { state, scope, join_link: link } }: { readonly host: HostView }) {
  const { t, gap } = useLabels();
  return (
    <div role="status">
      {state === 'running' && scope === 'lan' && link !== null && (
        <StateLines shape="ready">
          <p>{t('pool.join_link_made')}</p>
          <p>
            {t('pool.join_link_note', { uses: JOIN_LINK_USES })}
            {gap}
            <a href={hrefOf({ page: 'members' })}>{t('pool.to_members')}</a>
          </p>
          <div>
            <CopyButton value={link} size="compact-sm" subject={t('pool.join_link')} />
          </div>
        </StateLines>
      )}
    </div>
  );
}
