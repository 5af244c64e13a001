// The columns of the Members page, and the text that a search looks through. A value that is not known is a dash.
import { Button } from '@mantine/core';
import { Fragment } from 'react';
import { isLoopbackAddress } from '../../../shared/loopback';
import type { Column } from '../../components/DataTable/column';
import { Badge, OwnBadge } from '../../components/Badge';
import { Dim } from '../../components/Dim';
import { hasLimits, KeyLimits } from '../../components/KeyLimits';
import { Rich } from '../../components/Rich';
import { Ago, Day } from '../../components/Time';
import { useLabels, type Labels } from '../../i18n/use-labels';
import type { UseById } from '../../queries/usage';
import { rolesText } from '../../labels/roles-text';
import { hrefOf } from '../../routes';
import { useApp } from '../../store/Screen';
import { Expiry } from './Expiry';
import { isChangeableKey, isChangeableMember, type MemberRow } from './member-rows';
import { columnsOfUse, jobsOf, nameOf } from './member-use-columns';
import classes from './member-columns.module.css';

/** What the buttons of a row do. */
export interface RowActs {
  readonly onRevoke: (row: MemberRow) => void;
  readonly onChange: (row: MemberRow) => void;
}

/** A narrower table, at last the one beside an open drawer, leaves them out one after another. The name and role are always shown. */
const ADDED_FROM_WIDTH_PX = 1360;
const ADDRESS_FROM_WIDTH_PX = 1200;
const LIMITS_FROM_WIDTH_PX = 960;
const EXPIRES_FROM_WIDTH_PX = 700;
const LAST_USED_FROM_WIDTH_PX = 600;
const ACTION_FROM_WIDTH_PX = 400;

/** `use`: of the last seven days. Null: not known yet. */
export function memberColumns(labels: Labels, acts: RowActs, use: UseById | null): readonly Column<MemberRow>[] {
  const { t } = labels;
  return [
    {
      key: 'name',
      title: t('members.name'),
      width: '16%',
      className: `${classes['lead'] ?? ''} ${classes['nameCell'] ?? ''}`,
      sortBy: (row) => nameOf(row, labels),
      cell: (row) => <NameCell row={row} />,
    },
    {
      key: 'role',
      title: t('members.role'),
      width: '10%',
      className: `${classes['lead'] ?? ''} ${classes['role'] ?? ''}`,
      sortBy: (row) => rolesOf(row, labels),
      cell: (row) => <RoleCell row={row} />,
    },
    limitsColumn(labels),
    {
      key: 'added',
      title: t('members.added'),
      width: '12%',
      fromWidthPx: ADDED_FROM_WIDTH_PX,
      sortBy: ({ added }) => added.atWallMs,
      cell: (row) => <AddedCell row={row} />,
    },
    {
      key: 'last_used',
      title: t('members.last_used'),
      width: '10%',
      fromWidthPx: LAST_USED_FROM_WIDTH_PX,
      className: classes['nowrap'],
      isUnknown: (row) => row.lastUsedWallMs === null && !row.isConnected && row.revokedWallMs === null,
      // A connected member is used now.
      sortBy: (row) => (row.isConnected ? Number.MAX_SAFE_INTEGER : row.lastUsedWallMs),
      cell: (row) => <LastUsedCell row={row} />,
    },
    {
      key: 'address',
      title: t('members.address'),
      width: '10%',
      fromWidthPx: ADDRESS_FROM_WIDTH_PX,
      className: classes['address'],
      isUnknown: ({ address }) => address === null,
      sortBy: ({ address }) => address,
      cell: ({ address }) => <AddressCell address={address} />,
    },
    ...columnsOfUse(labels, use),
    {
      key: 'expires',
      title: t('members.expires'),
      width: '8%',
      fromWidthPx: EXPIRES_FROM_WIDTH_PX,
      className: classes['nowrap'],
      isUnknown: ({ revokedWallMs }) => revokedWallMs !== null,
      sortBy: ({ expiresWallMs }) => expiresWallMs,
      cell: (row) => <ExpiresCell row={row} />,
    },
    actionColumn(labels, acts),
  ];
}

const limitsColumn = ({ t }: Labels): Column<MemberRow> => ({
  key: 'limits',
  title: t('members.limits'),
  width: '15%',
  fromWidthPx: LIMITS_FROM_WIDTH_PX,
  className: classes['limits'],
  isUnknown: ({ limits }) => limits === null || !hasLimits(limits),
  cell: ({ limits, use: ofKey }) =>
    limits === null || !hasLimits(limits) ? t('unknown.none') : <KeyLimits limits={limits} use={ofKey} lines={1} />,
});

const actionColumn = ({ t }: Labels, acts: RowActs): Column<MemberRow> => ({
  key: 'action',
  title: t('members.action'),
  width: '16%',
  fromWidthPx: ACTION_FROM_WIDTH_PX,
  align: 'end',
  className: classes['action'],
  cell: (row) => <ActionCell row={row} acts={acts} />,
});

/** Of the host itself, the address says nothing. An address of IPv6 may be broken behind its colons. */
function AddressCell({ address }: { readonly address: string | null }) {
  const { t } = useLabels();
  if (address === null) return t('unknown.none');
  if (isLoopbackAddress(address)) return t('members.on_host');
  const [first = '', ...rest] = address.split(':');
  return (
    <>
      {first}
      {rest.map((part, index) => (
        <Fragment key={index}>
          :<wbr />
          {part}
        </Fragment>
      ))}
    </>
  );
}

const rolesOf = ({ roles }: MemberRow, { t }: Labels): string => rolesText(roles, t);

function NameCell({ row }: { readonly row: MemberRow }) {
  const labels = useLabels();
  const ownId = useApp(({ agent }) => agent?.node_id ?? null);
  // The app of the host uses the owner key. A browser may have another one.
  const isOwnKey = useApp(({ app, pool }) => app.mode === 'desktop' && pool?.access === 'host');
  const name = nameOf(row, labels);
  if (row.revokedWallMs !== null) return <s className={classes['revoked']}>{name}</s>;
  if (row.nodeId !== null)
    return (
      <>
        <a className={classes['name']} href={hrefOf({ page: 'nodes', id: row.nodeId })} aria-label={labels.t('nodes.details_of', { name })}>
          {name}
        </a>
        {row.nodeId === ownId && (
          <span className={classes['here']}>
            <OwnBadge />
          </span>
        )}
      </>
    );
  return (
    <span className={classes['plainName']}>
      {row.kind === 'key' || row.kind === 'member' ? (
        <a href={jobsOf(row)} title={labels.t('members.jobs_of', { name })}>
          {name}
        </a>
      ) : (
        <span>{name}</span>
      )}
      {row.kind === 'owner' && isOwnKey && <Badge title={labels.t('members.you_note')}>{labels.t('members.you')}</Badge>}
      {row.kind === 'owner' && <Dim as="span">{labels.t('members.owner_key_file')}</Dim>}
      {row.madeBy !== null && <Dim as="span">{labels.t('members.of_computer', { name: row.madeBy })}</Dim>}
      {row.uses !== null && (
        <Dim as="span">{labels.t('members.uses_left', { count: row.uses.max, left: labels.format.number(row.uses.left) })}</Dim>
      )}
    </span>
  );
}

function RoleCell({ row }: { readonly row: MemberRow }) {
  const labels = useLabels();
  const models = row.models === null ? '' : `${labels.t('punctuation.comma')}${labels.t('members.models', { count: row.models.length })}`;
  return (
    <span title={row.models?.join(labels.t('punctuation.list'))}>
      {rolesOf(row, labels)}
      {models}
    </span>
  );
}

function AddedCell({ row: { added } }: { readonly row: MemberRow }) {
  const { t } = useLabels();
  if (added.by === 'setup' || added.atWallMs === null) return t('members.by_setup');
  const day = <Day wallMs={added.atWallMs} />;
  if (added.by === 'invitation' && added.name !== null) return <Rich k="members.by_invitation_for" values={{ name: added.name, day }} />;
  if (added.by === 'member') return <Rich k="members.by_member" values={{ name: added.name ?? '', day }} />;
  return (
    <span className={classes['nowrap']}>
      <Rich k={`members.by_${added.by}`} values={{ day }} />
    </span>
  );
}

function LastUsedCell({ row }: { readonly row: MemberRow }) {
  const { t } = useLabels();
  if (row.revokedWallMs !== null)
    return (
      <Dim as="span">
        <Rich k="members.revoked" values={{ age: <Ago wallMs={row.revokedWallMs} /> }} />
      </Dim>
    );
  if (row.isConnected) return t('age.now');
  // Of the owner key no use is recorded.
  if (row.lastUsedWallMs === null) return t(row.kind === 'owner' ? 'unknown.none' : 'members.never_used');
  return <Ago wallMs={row.lastUsedWallMs} />;
}

function ExpiresCell({ row }: { readonly row: MemberRow }) {
  const { t } = useLabels();
  if (row.revokedWallMs !== null) return t('unknown.none');
  return row.expiresWallMs === null ? t('members.never') : <Expiry wallMs={row.expiresWallMs} />;
}

function ActionCell({ row, acts: { onRevoke, onChange } }: { readonly row: MemberRow; readonly acts: RowActs }) {
  const labels = useLabels();
  const { t } = labels;
  if (row.kind === 'owner' || row.revokedWallMs !== null) return <span className={classes['none']}>{t('unknown.none')}</span>;
  const name = nameOf(row, labels);
  return (
    <div className={classes['actions']}>
      {(isChangeableKey(row) || isChangeableMember(row)) && (
        <Button
          size="compact-xs"
          variant="default"
          aria-label={t(row.kind === 'key' ? 'key_limits.change_title' : 'change_role.title', { name })}
          onClick={() => onChange(row)}
        >
          {t('key_limits.change')}
        </Button>
      )}
      <Button
        size="compact-xs"
        variant="default"
        className={classes['revoke']}
        aria-label={t('members.revoke_of', { name })}
        onClick={() => onRevoke(row)}
      >
        {t('members.revoke')}
      </Button>
    </div>
  );
}

/** The text that a search looks through. */
export function memberText(row: MemberRow, labels: Labels): string {
  const { id, added, models, nodeId, address } = row;
  return [nameOf(row, labels), id, address ?? '', rolesOf(row, labels), added.name ?? '', nodeId ?? '', ...(models ?? [])].join(' ');
}
