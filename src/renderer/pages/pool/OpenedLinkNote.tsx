// Above the form: another program opened a link, and this computer did not join. The user discards the link here.
import { Button, Group } from '@mantine/core';
import { httpUrlOf, parsePoolAddress } from '../../../shared/api/join-link';
import type { OpenedLinkView } from '../../../shared/api/opened-link';
import { ErrorNote } from '../../components/ErrorNote';
import { Rich } from '../../components/Rich';
import { useLabels } from '../../i18n/use-labels';
import { addressOf } from '../../labels/link-labels';
import { useOperation } from '../../queries/use-operation';

export interface OpenedLinkNoteProps {
  readonly opened: OpenedLinkView;
  /** This computer is in the pool of the link. */
  readonly isOwn: boolean;
}

export function OpenedLinkNote({ opened, isOwn }: OpenedLinkNoteProps) {
  const { t } = useLabels();
  const discard = useOperation('join.discard_link');
  const target = parsePoolAddress(opened.link);
  return (
    <div role="status">
      <p>
        <Rich k="pool.opened_text" values={{ address: target.ok ? addressOf(httpUrlOf(target.value)) : '' }} />
      </p>
      {!isOwn && <p>{t('pool.opened_warning')}</p>}
      <ErrorNote error={discard.error} />
      <Group gap="xs">
        <Button variant="default" loading={discard.pending} onClick={() => void discard.run({})}>
          {t('pool.opened_discard')}
        </Button>
      </Group>
    </div>
  );
}
