// The sources that were probed for GPUs, each with its outcome.
import type { ProbeTraceView } from '../../../shared/api/agent-view';
import { useLabels } from '../../i18n/use-labels';
import { ReasonedList, type ReasonedListProps } from './ReasonedList';

export interface TraceListProps {
  readonly trace: readonly ProbeTraceView[];
  readonly heading?: ReasonedListProps['heading'];
  /** The place of the list has its title. */
  readonly isTitled?: boolean;
}

export function TraceList({ trace, heading = 'h3', isTitled = false }: TraceListProps) {
  const { t, format } = useLabels();
  const items = trace.map(({ source, outcome, detail, duration_ms }) => ({
    key: source,
    name: <code>{source}</code>,
    text: `${t(`trace.${outcome}`)}${detail === null ? '' : `${t('punctuation.colon')}${detail}`} · ${t('gpus.took', { took: format.number(duration_ms) })}`,
  }));
  return <ReasonedList title={isTitled ? null : t('gpus.checked_sources')} heading={heading} items={items} />;
}
