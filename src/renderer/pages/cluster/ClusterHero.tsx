// The state of the cluster in one sentence, with what to do. Further warnings are below it, the most urgent first.
import type { ReactNode } from 'react';
import type { ClusterView } from '../../../shared/api/cluster';
import { Hero } from '../../components/Hero';
import { Rich } from '../../components/Rich';
import { StatusShape } from '../../components/StatusShape';
import { type Labels, useLabels } from '../../i18n/use-labels';
import { type ClusterWarning, clusterWarnings, membersThatCanLead } from './cluster-warnings';
import classes from './ClusterHero.module.css';
import { StateHero } from './StateHero';

const MS_PER_SECOND = 1000;

export interface ClusterHeroProps {
  readonly cluster: ClusterView;
  readonly isWaiting: boolean;
  /** The scheduler of the page no longer leads. */
  readonly isFormer: boolean;
}

export function ClusterHero({ cluster, isWaiting, isFormer }: ClusterHeroProps) {
  const labels = useLabels();
  const { t } = labels;
  const warnings = clusterWarnings(cluster);
  const name = cluster.leader ?? cluster.self;
  if (isFormer) {
    return (
      <Hero label={t('cluster.state')} shape="disconnected" title={t('cluster.former_title', { name: cluster.self })}>
        <p>{cluster.leader === null ? t('cluster.former') : t('cluster.former_next', { leader: cluster.leader })}</p>
      </Hero>
    );
  }
  if (isWaiting) {
    return (
      <Hero label={t('cluster.state')} shape="registering" title={t('cluster.waiting_title')} reasons={[...furtherOf(warnings)]}>
        <p role="status">
          <Rich k="cluster.waiting" values={{ name }} />
        </p>
      </Hero>
    );
  }
  const [first, ...further] = warnings;
  if (first === undefined) {
    return (
      <StateHero shape="available" title={t('cluster.works', { name, count: membersThatCanLead(cluster).length })}>
        <p>{t('cluster.works_note', { name })}</p>
      </StateHero>
    );
  }
  const { title, note } = warningTexts(labels, first);
  const works = worksText(labels, cluster);
  return (
    <StateHero shape="degraded" title={title} reasons={furtherOf(further)}>
      <p>{works === null ? note : `${works}${labels.gap}${note}`}</p>
    </StateHero>
  );
}

/** Whether the pool works in spite of the warning. Null: no leader, or none after it. */
function worksText({ t }: Labels, cluster: ClusterView): string | null {
  const others = membersThatCanLead(cluster).map(({ name }) => name);
  const { leader } = cluster;
  return leader === null || others.length === 0
    ? null
    : t('cluster.works_now', { leader, others: others.join(t('punctuation.list')), count: others.length });
}

const furtherOf = (warnings: readonly ClusterWarning[]): readonly ReactNode[] =>
  warnings.length === 0 ? [] : [<WarningList key="further" warnings={warnings} />];

function WarningList({ warnings }: { readonly warnings: readonly ClusterWarning[] }) {
  const labels = useLabels();
  return (
    <ul className={classes['warnings']}>
      {warnings.map((warning) => {
        const { title, note } = warningTexts(labels, warning);
        return (
          <li key={'member' in warning ? `${warning.kind} ${warning.member.name}` : warning.kind}>
            <StatusShape shape="degraded" size={14} />
            <div>
              <b>{title}</b>
              <p>{note}</p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function warningTexts({ t, format }: Labels, warning: ClusterWarning): { readonly title: string; readonly note: string } {
  switch (warning.kind) {
    case 'missing': {
      const { name, seen_seconds: seen } = warning.member;
      const age = format.duration(seen * MS_PER_SECOND);
      return { title: t('cluster.warning.missing.title', { name, age }), note: t('cluster.warning.missing.note', { name }) };
    }
    case 'without_bus': {
      const { name } = warning.member;
      return { title: t('cluster.warning.without_bus.title', { name }), note: t('cluster.warning.without_bus.note', { name }) };
    }
    case 'only_one': {
      const { name } = warning.member;
      return { title: t('cluster.warning.only_one.title', { name }), note: t('cluster.warning.only_one.note', { name }) };
    }
    case 'versions': {
      const versions = warning.versions.join(t('punctuation.list'));
      return { title: t('cluster.warning.versions.title', { versions }), note: t('cluster.warning.versions.note') };
    }
    case 'no_leader':
    case 'no_sync':
      return { title: t(`cluster.warning.${warning.kind}.title`), note: t(`cluster.warning.${warning.kind}.note`) };
  }
}
