// Above the form for joining: another program opened a link, and this computer did not join.
import { Stack } from '@mantine/core';
import { httpUrlOf, parsePoolAddress } from '../../../shared/api/join-link';
import type { OpenedJoinLink } from '../../../shared/api/opened-link';
import { Rich } from '../../components/Rich';
import { useLabels } from '../../i18n/use-labels';
import { addressOf } from '../../labels/link-labels';

export interface OpenedLinkNoteProps {
  readonly opened: OpenedJoinLink;
  /** This computer is in the pool of the link. */
  readonly isOwn: boolean;
}

export function OpenedLinkNote({ opened, isOwn }: OpenedLinkNoteProps) {
  const { t } = useLabels();
  const target = parsePoolAddress(opened.link);
  return (
    <Stack gap="xs" role="status">
      <p>
        <Rich k="pool.opened_text" values={{ address: target.ok ? addressOf(httpUrlOf(target.value)) : '' }} />
      </p>
      {!isOwn && <p>{t('pool.opened_warning')}</p>}
    </Stack>
  );
}
