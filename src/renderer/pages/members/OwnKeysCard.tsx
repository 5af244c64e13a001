// The keys that this computer made for its own programs, and how to revoke one.
import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { Card } from '../../components/Card';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { Rich } from '../../components/Rich';
import { Ago } from '../../components/Time';
import { useLabels } from '../../i18n/use-labels';
import { useOwnKeys } from '../../queries/keys';
import { hrefOf } from '../../routes';
import { memberRows, type MemberRow, NO_LISTS } from './member-rows';
import { nameOf } from './member-use-columns';
import classes from './OwnMembership.module.css';
import { RevokeDialog } from './RevokeDialog';

export function OwnKeysCard() {
  const { t } = useLabels();
  const { value, error } = useOwnKeys();
  const [revoking, setRevoking] = useState<MemberRow | null>(null);
  const rows = useMemo(() => {
    const keys = value?.keys.filter(({ revoked_at: revokedWallMs }) => revokedWallMs === null) ?? [];
    return memberRows({ ...NO_LISTS, keys }, 0).filter(({ kind }) => kind === 'key');
  }, [value]);
  return (
    <Card title={t('members.own_keys')} aside={<a href={hrefOf({ page: 'connect' })}>{t('members.own_keys_make')}</a>}>
      {value === null ? (
        <ErrorNote error={error} />
      ) : rows.length === 0 ? (
        <p>{t('members.own_keys_none')}</p>
      ) : (
        <ul className={classes['keys']}>
          {rows.map((row) => (
            <KeyLine key={row.rowId} row={row} onRevoke={setRevoking} />
          ))}
        </ul>
      )}
      <RevokeDialog row={revoking} onClose={() => setRevoking(null)} />
    </Card>
  );
}

function KeyLine({ row, onRevoke }: { readonly row: MemberRow; readonly onRevoke: (row: MemberRow) => void }) {
  const labels = useLabels();
  const { t } = labels;
  const name = nameOf(row, labels);
  return (
    <li>
      <span>{name}</span>
      <Dim as="span">
        {row.lastUsedWallMs === null ? (
          t('members.own_key_unused')
        ) : (
          <Rich k="members.own_key_used" values={{ age: <Ago wallMs={row.lastUsedWallMs} /> }} />
        )}
      </Dim>
      <Button size="compact-xs" variant="default" aria-label={t('members.revoke_of', { name })} onClick={() => onRevoke(row)}>
        {t('members.revoke')}
      </Button>
    </li>
  );
}
