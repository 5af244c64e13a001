// What there is to do, the most urgent first, each with its numbers and an action.
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { availabilityOf } from '../../../../shared/api/availability';
import type { NodeView } from '../../../../shared/api/node-view';
import { assertNever } from '../../../../shared/assert-never';
import { isOllamaName } from '../../../../shared/api/own-models';
import { may } from '../../../../shared/api/pool-access';
import type { MissingModel } from '../../../../shared/api/missing-models';
import { useNow } from '../../../clock/Clock';
import { Card } from '../../../components/Card';
import { Dim } from '../../../components/Dim';
import { StatusLabel } from '../../../components/StatusLabel';
import { StatusShape } from '../../../components/StatusShape';
import { TimeLeft } from '../../../components/Time';
import { LinkButton } from '../../../components/LinkButton';
import { type Labels, useLabels } from '../../../i18n/use-labels';
import { availabilityReason } from '../../../labels/availability-labels';
import type { Shape } from '../../../labels/shape';
import { hrefOf } from '../../../routes';
import { useApp } from '../../../store/Screen';
import classes from './AttentionCard.module.css';
import type { Attention, SomeNodes } from './attention';
import { LimitDialog, type OverLimit } from './LimitDialog';
import { namesText } from './names-text';
import { useAttention } from './use-attention';
import rows from './Rows.module.css';

/** An item as it is shown. */
interface Item {
  readonly key: string;
  readonly shape: Shape;
  readonly title: string;
  readonly note: ReactNode;
  readonly action: string;
  /** The page of the action. Null: a dialog. */
  readonly href: string | null;
}

/** More items are shown on request: the nodes below the card stay on the first screen. */
export const MOST_ITEMS = 3;

export function AttentionCard({ below = null }: { readonly below?: ReactNode }) {
  const labels = useLabels();
  const { t, format } = labels;
  const nowWallMs = useNow();
  const attention = useAttention();
  const [isOpen, setOpen] = useState(false);
  const [limit, setLimit] = useState<OverLimit | null>(null);
  const maySetLimits = useApp(({ pool }) => pool?.access === 'host' && may(pool, 'manage'));
  const hasBanner = useApp(({ pool }) => pool?.mass_loss != null);
  const shown = isOpen ? attention : attention.slice(0, MOST_ITEMS);
  // The banner above says what there is to do.
  if (attention.length === 0 && hasBanner) return null;
  return (
    <Card
      title={
        <>
          {t('pool_overview.attention')}{' '}
          {attention.length > 0 && <span className={classes['count']}>{format.number(attention.length)}</span>}
        </>
      }
    >
      {attention.length === 0 ? (
        <Dim as="p">
          <StatusLabel shape="ready" label={t('pool_overview.attention_none')} />
        </Dim>
      ) : (
        <ul className={[classes['items'], rows['rows']].join(' ')}>
          {shown.map((one) => {
            const item = itemOf(labels, one, nowWallMs, maySetLimits);
            return <Row key={item.key} item={item} onAct={() => setLimit(one.kind === 'over_limit' ? one : null)} />;
          })}
        </ul>
      )}
      {shown.length < attention.length && (
        <p className={classes['more']}>
          <LinkButton onClick={() => setOpen(true)}>
            {t('pool_overview.attention_all', { formatted: format.number(attention.length) })}
          </LinkButton>
        </p>
      )}
      {below}
      {limit !== null && <LimitDialog limit={limit} onClose={() => setLimit(null)} />}
    </Card>
  );
}

interface RowProps {
  readonly item: Item;
  readonly onAct: () => void;
}

function Row({ item: { shape, title, note, action, href }, onAct }: RowProps) {
  const { t } = useLabels();
  const button = { variant: 'default', size: 'compact-sm', 'aria-label': t('pool_overview.action_of', { action, about: title }) } as const;
  return (
    <li>
      <StatusShape shape={shape} size={14} />
      <div className={classes['text']}>
        <b>{title}</b>
        <div className={classes['note']}>{note}</div>
      </div>
      {href === null ? (
        <Button {...button} onClick={onAct}>
          {action}
        </Button>
      ) : (
        <Button {...button} component="a" href={href}>
          {action}
        </Button>
      )}
    </li>
  );
}

function itemOf(labels: Labels, attention: Attention, nowWallMs: number, maySetLimits: boolean): Item {
  const { t, format } = labels;
  const { kind: key } = attention;
  switch (attention.kind) {
    case 'join_request': {
      const { id, name, expires_at: expiresWallMs } = attention.request;
      return {
        key: `${key} ${id}`,
        shape: 'registering',
        title: t('pool_overview.item.join_request', { name }),
        note: (
          <>
            {gpusOf(labels, attention.request.gpus)} · <TimeLeft wallMs={expiresWallMs} />
          </>
        ),
        action: t('pool_overview.item.join_request_do'),
        href: hrefOf({ page: 'members', id }),
      };
    }
    case 'degraded': {
      if (attention.nodes.onlyId === null) return nodesItem(labels, attention, nowWallMs);
      const { node_id: id, name } = attention.node;
      const since = format.clock(attention.node.availability?.since ?? attention.node.since, nowWallMs);
      const reason = availabilityReason(labels, attention.node, nowWallMs);
      return {
        key: `${key} ${id}`,
        shape: 'degraded',
        title: t(isDegraded(attention.node) ? 'pool_overview.item.degraded' : 'pool_overview.item.check_fails', { name }),
        note: t('pool_overview.item.degraded_note', { reason, since }),
        action: t('pool_overview.item.degraded_do'),
        href: hrefOf({ page: 'nodes', id }),
      };
    }
    case 'missing_model':
      return missingItem(labels, attention.model);
    case 'over_limit':
      return limitItem(labels, attention, nowWallMs, maySetLimits);
    case 'lost':
    case 'more_degraded':
    case 'old_version':
    case 'quarantined':
    case 'paused_by_owner':
      return nodesItem(labels, attention, nowWallMs);
    default:
      return assertNever(attention);
  }
}

function gpusOf({ t, format }: Labels, gpus: readonly { readonly name: string; readonly memory_gb: number | null }[]): string {
  return gpus.map(({ name, memory_gb: gb }) => (gb === null ? name : `${name}, ${format.gb(gb)}`)).join(t('punctuation.semicolon'));
}

function missingItem({ t, format }: Labels, model: MissingModel): Item {
  const { model_id: id, requests, vram_gb: gb, fits_nodes: fits, mixed_scripts: isMixed } = model;
  const size = gb === null ? null : format.gb(gb);
  // As on the Models page: a model of another name cannot be downloaded.
  const isInLibrary = isOllamaName(id);
  const note =
    size === null || fits === null
      ? t('pool_overview.item.missing_model_none')
      : fits === 0
        ? t('pool_overview.item.missing_model_size', { size })
        : t('pool_overview.item.missing_model_fits', { count: fits, formatted: format.number(fits), size });
  const notes = [note, ...(isInLibrary ? [] : [t('own_models.not_in_library')]), ...(isMixed ? [t('pool_overview.item.look_alike')] : [])];
  return {
    key: `missing_model ${id}`,
    shape: 'waiting',
    title: t('pool_overview.item.missing_model', { model: id, count: requests }),
    note: notes.join(' · '),
    action: t(isInLibrary ? 'pool_overview.item.missing_model_do' : 'pool_overview.item.missing_model_show'),
    href: hrefOf({ page: 'models', id, search: id }),
  };
}

/** The limit of the pool can be changed here, where that helps. Owners set theirs on their computers. */
function limitItem(labels: Labels, attention: OverLimit, nowWallMs: number, maySetLimits: boolean): Item {
  const item = nodesItem(labels, attention, nowWallMs);
  if (attention.isOwners || attention.suggestion === null || !maySetLimits) return item;
  return { ...item, action: labels.t('pool_overview.item.set_limit'), href: null };
}

/** The others are not ready yet, and fail a check. */
const isDegraded = (node: NodeView): boolean => availabilityOf(node).state === 'degraded';

/** A lost node is disconnected at first, then offline. */
const lostStateOf = ({ node }: { readonly node: NodeView }): 'disconnected' | 'offline' =>
  availabilityOf(node).state === 'offline' ? 'offline' : 'disconnected';

type NodesAttention = Extract<Attention, { readonly nodes: SomeNodes }>;

const SHAPES: Readonly<Record<Exclude<NodesAttention['kind'], 'lost'>, Shape>> = {
  degraded: 'degraded',
  over_limit: 'busy',
  more_degraded: 'degraded',
  old_version: 'offline',
  quarantined: 'refused',
  paused_by_owner: 'paused',
};

function nodesItem(labels: Labels, attention: NodesAttention, nowWallMs: number): Item {
  const { t } = labels;
  const { onlyId } = attention.nodes;
  const [title, note] = nodesTexts(labels, attention, nowWallMs);
  return {
    key: keyOf(attention),
    shape: attention.kind === 'lost' ? lostStateOf(attention) : SHAPES[attention.kind],
    title,
    note,
    action: t(onlyId === null ? 'pool_overview.item.show_nodes' : 'pool_overview.item.show_node'),
    href: onlyId === null ? groupHref(attention) : hrefOf({ page: 'nodes', id: onlyId }),
  };
}

function keyOf(attention: NodesAttention): string {
  if (attention.kind === 'over_limit') return `over_limit ${attention.use} ${String(attention.isOwners)}`;
  return attention.kind === 'degraded' ? `degraded ${attention.node.node_id}` : attention.kind;
}

function nodesTexts(labels: Labels, attention: NodesAttention, nowWallMs: number): readonly [title: string, note: string] {
  const { t, format } = labels;
  const { count } = attention.nodes;
  const names = namesText(labels, attention.nodes);
  switch (attention.kind) {
    case 'degraded': {
      const reason = availabilityReason(labels, attention.node, nowWallMs);
      const title = t(isDegraded(attention.node) ? 'pool_overview.item.degraded_nodes' : 'pool_overview.item.checks_fail', { count });
      return [title, t('pool_overview.item.degraded_names', { reason, names })];
    }
    case 'over_limit': {
      const { use, limitPercent, suggestion } = attention;
      const limit = format.percent(limitPercent);
      const note =
        suggestion === null
          ? t('pool_overview.item.over_limit_note', { limit })
          : t('pool_overview.item.over_limit_change', {
              count: suggestion.nodes,
              formatted: format.number(suggestion.nodes),
              suggested: format.percent(suggestion.limitPercent),
              limit,
            });
      const whose = attention.isOwners ? 'owners' : 'pool';
      return [t(`pool_overview.item.over_limit.${whose}`, { count, use: t(`pool_overview.limit_name.${use}`) }), note];
    }
    case 'old_version': {
      const { version, current } = attention;
      const note =
        version === null
          ? t('pool_overview.item.old_versions_note', { current })
          : t('pool_overview.item.old_version_note', { version, current });
      return [t('pool_overview.item.old_version', { count }), note];
    }
    case 'lost': {
      if (attention.nodes.onlyId === null) return [t('pool_overview.item.lost_nodes', { count }), names];
      const title = t(`pool_overview.item.lost.${lostStateOf(attention)}`, { name: attention.node.name });
      return [title, availabilityReason(labels, attention.node, nowWallMs)];
    }
    case 'more_degraded':
    case 'quarantined':
    case 'paused_by_owner':
      return [t(`pool_overview.item.${attention.kind}`, { count }), names];
  }
}

function groupHref(attention: NodesAttention): string {
  switch (attention.kind) {
    case 'lost':
      return hrefOf({ page: 'nodes' });
    case 'over_limit':
      return hrefOf({ page: 'nodes', state: 'busy' });
    case 'degraded':
    case 'more_degraded':
      return hrefOf({ page: 'nodes', state: 'degraded' });
    case 'old_version':
      return hrefOf({ page: 'nodes', search: attention.version ?? '' });
    case 'quarantined':
    case 'paused_by_owner':
      return hrefOf({ page: 'nodes', state: 'paused' });
  }
}
