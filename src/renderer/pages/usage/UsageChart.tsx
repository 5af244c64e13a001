// The chart of the use: a bar for each day or week, divided by key, model or node.
import type { Usage } from '../../../shared/api/usage';
import { Card } from '../../components/Card';
import { StackedBars } from '../../components/charts/StackedBars';
import { useMay } from '../../components/RightNote';
import { Segmented } from '../../components/Segmented';
import { useLabels } from '../../i18n/use-labels';
import { hrefOfPart } from './usage-columns';
import { axisUnitOf, measureText, tickText } from './usage-labels';
import type { UsageSeries } from './usage-series';
import { MEASURES, type Measure, midnightOf, type UsageView } from './usage-view';

export interface UsageChartProps {
  readonly usage: Usage;
  readonly shown: UsageSeries;
  readonly view: UsageView;
  readonly onMeasure: (measure: Measure) => void;
}

export function UsageChart({ usage, shown, view, onMeasure }: UsageChartProps) {
  const labels = useLabels();
  const drills = useMay('view');
  const { t, format } = labels;
  const { measure, subject } = view;
  const lastMs = midnightOf(usage.to);
  return (
    <Card
      title={t(`usage.chart.${subject}`)}
      aside={
        <Segmented
          label={t('usage.measure')}
          choices={MEASURES.map((value) => ({
            value,
            label: t(subject === 'node' && value === 'requests' ? 'usage.attempts' : `usage.measures.${value}`),
          }))}
          value={measure}
          onChange={onMeasure}
        />
      }
    >
      <StackedBars
        label={t(shown.isWeekly ? 'usage.per_week' : 'usage.per_day')}
        note={shown.isLastOpen ? t(shown.isWeekly ? 'usage.open_week' : 'usage.open_note') : undefined}
        spans={shown.days.map((day) => format.day(midnightOf(day), lastMs))}
        isLastOpen={shown.isLastOpen}
        series={shown.series.map((part) => ({ ...part, href: hrefOfPart(part.id, { view, drills }) }))}
        atLeast={measure === 'tokens' ? 100 : 4}
        unitOf={(highest) => axisUnitOf(measure, highest)}
        valueText={(value) => measureText(labels, measure, value)}
        tickText={(value) => tickText(labels, measure, value)}
      />
    </Card>
  );
}
