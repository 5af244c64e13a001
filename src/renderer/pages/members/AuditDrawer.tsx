// The audit log: who did what, to which target, from where and when. Newest first, in pages.
import { Button, Group } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { AuditEntry } from '../../../shared/api/members';
import { DataTable } from '../../components/DataTable/DataTable';
import type { Column } from '../../components/DataTable/column';
import { Dim } from '../../components/Dim';
import { Drawer } from '../../components/Drawer/Drawer';
import { ErrorNote } from '../../components/ErrorNote';
import { ExactTime } from '../../components/Time';
import { useLabels, type Labels } from '../../i18n/use-labels';
import { localized } from '../../labels/localized';
import { useAudit, useCredentials } from '../../queries/members';
import { SELDOM_MS, useSettings } from '../../queries/settings';
import { useApp } from '../../store/Screen';
import { AUDIT_ACTS } from './audit-acts';
import classes from './AuditDrawer.module.css';

export function AuditDrawer({ onClose }: { readonly onClose: () => void }) {
  const { t } = useLabels();
  return (
    <Drawer subject="audit" title={t('audit.title')} onClose={onClose}>
      <AuditPages />
    </Drawer>
  );
}

/** The id of the owner key in the log. */
const OWNER_ID = 'owner';
const keyOf = ({ id }: AuditEntry): string => String(id);

function AuditPages() {
  const labels = useLabels();
  const { t } = labels;
  /** The pages that were left, the newest page first. */
  const [newer, setNewer] = useState<readonly (number | null)[]>([]);
  const [before, setBefore] = useState<number | null>(null);
  const { value, error, isFetching } = useAudit(before);
  const names = useNames();
  const columns = useMemo(() => columnsOf(labels, names), [labels, names]);
  if (value === null) return error === null ? <p role="status">{t('audit.loading')}</p> : <ErrorNote error={error} />;
  const { entries, next_before: older } = value;
  const last = newer.at(-1);
  return (
    <div className={classes['pages']}>
      <Dim as="p">{t('audit.text')}</Dim>
      <ErrorNote error={error} />
      {entries.length === 0 ? (
        <p>{t('audit.none')}</p>
      ) : (
        <DataTable label={t('audit.title')} columns={columns} rows={entries} keyOf={keyOf} />
      )}
      <Group gap="xs">
        {last !== undefined && (
          <Button
            variant="default"
            disabled={isFetching}
            onClick={() => {
              setBefore(last);
              setNewer(newer.slice(0, -1));
            }}
          >
            {t('audit.newer')}
          </Button>
        )}
        {older !== null && (
          <Button
            variant="default"
            disabled={isFetching}
            onClick={() => {
              setNewer([...newer, before]);
              setBefore(older);
            }}
          >
            {t('audit.older')}
          </Button>
        )}
      </Group>
    </div>
  );
}

/** The names of nodes, members, keys and invitations by id. */
function useNames(): ReadonlyMap<string, string> {
  const nodes = useApp((app) => app.nodes);
  const { value } = useCredentials();
  return useMemo(() => {
    const { members = [], keys = [], invites = [] } = value ?? {};
    const named = [...members, ...keys, ...invites].flatMap(({ id, name }) => (name === null ? [] : [[id, name] as const]));
    return new Map([...named, ...Array.from(nodes.values(), ({ node_id, name }) => [node_id, name] as const)]);
  }, [nodes, value]);
}

const SETTING_ACTS: readonly string[] = ['settings.set', 'settings.reset'];

interface TargetProps {
  readonly entry: AuditEntry;
  readonly names: ReadonlyMap<string, string>;
}

function Target({ entry: { target: id, action }, names }: TargetProps) {
  const { t } = useLabels();
  if (id === null) return t('unknown.none');
  if (SETTING_ACTS.includes(action)) return <Setting settingKey={id} />;
  // An action on a model names the node, the model and the action.
  const [first = '', ...rest] = id.split(' ');
  const name = names.get(first);
  if (name === undefined) return <code>{id}</code>;
  return (
    <span title={id}>
      {name}
      {rest.length > 0 && <code> {rest.join(' ')}</code>}
    </span>
  );
}

/** By its title. One that this program does not have: by its key. */
function Setting({ settingKey }: { readonly settingKey: string }) {
  const labels = useLabels();
  const setting = useSettings(SELDOM_MS).value?.settings.find(({ key }) => key === settingKey);
  return setting === undefined ? <code>{settingKey}</code> : <span title={settingKey}>{localized(labels, setting.title)}</span>;
}

function actOf(labels: Labels, action: string, count: number): string {
  const act = labels.code('audit_act', AUDIT_ACTS[action] ?? action);
  return count === 1 ? act : labels.t('audit.times', { act, times: count });
}

/** The scheduler names the owner key and a caller without a key in English. */
function callerOf({ who, who_name: name }: AuditEntry, { t }: Labels): string {
  if (who === null) return t('audit.no_key');
  return who === OWNER_ID ? t('members.owner_key') : name;
}

const columnsOf = (labels: Labels, names: ReadonlyMap<string, string>): readonly Column<AuditEntry>[] => {
  const { t } = labels;
  return [
    { key: 'when', title: t('audit.when'), className: classes['nowrap'], cell: ({ at }) => <ExactTime wallMs={at} /> },
    { key: 'act', title: t('audit.act'), cell: ({ action, count }) => actOf(labels, action, count) },
    { key: 'target', title: t('audit.target'), className: classes['long'], cell: (entry) => <Target entry={entry} names={names} /> },
    { key: 'who', title: t('audit.who'), className: classes['long'], cell: (entry) => callerOf(entry, labels) },
    { key: 'from', title: t('audit.from'), className: classes['nowrap'], cell: ({ from }) => from },
  ];
};
