// The last 24 hours of a node: a bar of its states with a legend, and its events. A time without a record is dotted.
import { useState } from 'react';
import { availabilityOf } from '../../../shared/api/availability';
import type { NodeHistory } from '../../../shared/api/node-history';
import type { NodeView } from '../../../shared/api/node-view';
import type { AvailabilityState } from '../../../shared/protocol/status';
import { useNow } from '../../clock/Clock';
import { ClockTime } from '../../components/Time';
import { Dim } from '../../components/Dim';
import colours from '../../components/ShapeColour.module.css';
import { StatusShape } from '../../components/StatusShape';
import { useLabels } from '../../i18n/use-labels';
import { availabilityReason } from '../../labels/availability-labels';
import { ShowAllButton } from './ShowAllButton';
import { eventText, newestFirst, presentOf, spansOf, type StateSpan, type TimelineEvent } from './timeline';
import classes from './TimelineSection.module.css';

const SHOWN_EVENTS = 3;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

export interface TimelineSectionProps {
  readonly node: NodeView;
  readonly history: NodeHistory;
}

export function TimelineSection({ node, history }: TimelineSectionProps) {
  const { t } = useLabels();
  const [showsAll, setShowsAll] = useState(false);
  const present = presentOf(availabilityOf(node), history.events);
  const events = newestFirst(history.events, present?.at ?? null);
  return (
    <section className={classes['timeline']}>
      <h3>
        {t('nodes.timeline')} <Dim as="span">{t('nodes.range.24h')}</Dim>
      </h3>
      <Bar history={history} />
      {events.length === 0 && present === null ? (
        <Dim as="p">{t('nodes.no_events')}</Dim>
      ) : (
        <ol>
          {present !== null && <Present node={node} {...present} />}
          {(showsAll ? events : events.slice(0, SHOWN_EVENTS)).map((listed) => (
            <Event key={listed.event.at} {...listed} />
          ))}
        </ol>
      )}
      {events.length > SHOWN_EVENTS && (
        <ShowAllButton
          showsAll={showsAll}
          onChange={setShowsAll}
          all={t('nodes.all_events', { count: events.length })}
          fewer={t('nodes.fewer_events')}
        />
      )}
    </section>
  );
}

function Bar({ history }: { readonly history: NodeHistory }) {
  const { t, format } = useLabels();
  const { from, until } = history;
  const spans = spansOf(history);
  const stateText = (state: (typeof spans)[number]['state']): string =>
    state === null ? t('nodes.not_recorded') : t(`availability.${state}`);
  const states = byTime(spans);
  const spoken = spans
    .map((span) =>
      t('nodes.span', { from: format.clock(span.fromWallMs, until), to: format.clock(span.toWallMs, until), state: stateText(span.state) }),
    )
    .join(t('punctuation.semicolon'));
  return (
    <>
      <div className={classes['bar']} role="img" aria-label={`${t('nodes.timeline')}${t('punctuation.colon')}${spoken}`}>
        {spans.map(({ fromWallMs, toWallMs, state }) => (
          <i
            key={fromWallMs}
            className={colours['colour']}
            data-shape={state ?? 'unknown'}
            title={stateText(state)}
            style={{ flexGrow: toWallMs - fromWallMs }}
          />
        ))}
      </div>
      <div className={classes['ticks']} aria-hidden="true">
        {TICKS.map((tick) => (
          <span key={tick}>{format.clock(from + (until - from) * tick, until)}</span>
        ))}
      </div>
      <div className={classes['legend']} aria-hidden="true">
        {states.map((state) => (
          <span key={state}>
            <i className={colours['colour']} data-shape={state ?? 'unknown'} />
            {stateText(state)}
          </span>
        ))}
      </div>
    </>
  );
}

/** The states of the spans, the longest first. */
function byTime(spans: readonly StateSpan[]): readonly StateSpan['state'][] {
  const times = new Map<StateSpan['state'], number>();
  for (const { state, fromWallMs, toWallMs } of spans) times.set(state, (times.get(state) ?? 0) + toWallMs - fromWallMs);
  return [...times].sort(([, a], [, b]) => b - a).map(([state]) => state);
}

function Present({ node, state, at }: { readonly node: NodeView; readonly state: AvailabilityState; readonly at: number }) {
  const labels = useLabels();
  const now = useNow();
  return (
    <li>
      <ClockTime wallMs={at} />
      <StatusShape shape={state} size={14} />
      <span>
        <b>{labels.t(`availability.${state}`)}</b> {availabilityReason(labels, node, now)}
      </span>
    </li>
  );
}

function Event({ event, nextWallMs }: TimelineEvent) {
  const labels = useLabels();
  const { t } = labels;
  const [shape, word] = event.kind === 'state' ? ([event.state, t(`availability.${event.state}`)] as const) : (['refused', null] as const);
  const text = eventText(labels, event, nextWallMs);
  return (
    <li>
      <ClockTime wallMs={event.at} />
      <StatusShape shape={shape} size={14} />
      <span>
        {word !== null && <b>{word}</b>}
        {word !== null && text !== '' && ' '}
        {text}
      </span>
    </li>
  );
}
