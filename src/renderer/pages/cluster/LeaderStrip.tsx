// Who led when: a strip of the last terms up to now, a colour for each scheduler. A gap: no scheduler led.
import type { LeaderTermView } from '../../../shared/api/cluster';
import { useClockPart } from '../../clock/Clock';
import { MOST_SERIES } from '../../components/charts/StackedBars';
import { SeriesMark } from '../../components/charts/SeriesMark';
import { ClockTime } from '../../components/Time';
import { useLabels } from '../../i18n/use-labels';
import { type LeaderSpan, leaderSpans } from './leader-spans';
import classes from './LeaderStrip.module.css';

const MINUTE_MS = 60_000;

export function LeaderStrip({ terms }: { readonly terms: readonly LeaderTermView[] }) {
  const { t, format } = useLabels();
  const minute = useClockPart((nowWallMs) => Math.ceil(nowWallMs / MINUTE_MS));
  const spans = leaderSpans(terms, minute * MINUTE_MS);
  const [first] = spans;
  // One leader all the time: the figures say so.
  if (first === undefined || spans.length < 2) return null;
  const names = [...new Set(spans.flatMap(({ name }) => name ?? []))].sort();
  const colourOf = (name: string): string => (names.indexOf(name) < MOST_SERIES ? String(names.indexOf(name) + 1) : 'rest');
  const textOf = ({ name, fromWallMs: from, untilWallMs: until }: LeaderSpan): string =>
    `${name ?? t('cluster.no_leader')}${t('punctuation.colon')}${format.duration(until - from)}`;
  return (
    <div className={classes['strip']}>
      <div className={classes['bar']} role="img" aria-label={spans.map(textOf).join(t('punctuation.semicolon'))}>
        {spans.map((span) => (
          <span
            key={span.fromWallMs}
            title={textOf(span)}
            style={{ flexGrow: span.untilWallMs - span.fromWallMs }}
            data-series={span.name === null ? undefined : colourOf(span.name)}
          />
        ))}
      </div>
      <div className={classes['ends']}>
        <ClockTime wallMs={first.fromWallMs} />
        <ul>
          {names.map((name) => (
            <li key={name}>
              <SeriesMark colour={colourOf(name)} />
              {name}
            </li>
          ))}
        </ul>
        <span>{t('cluster.now')}</span>
      </div>
    </div>
  );
}
