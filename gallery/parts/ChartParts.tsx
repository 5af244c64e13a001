// Charts, bars, key figures and small controls over data of a day that has every case: gaps, a limit, events, the future.
import { useState } from 'react';
import { UseBar } from '../../src/renderer/components/bars/UseBar';
import { UseLegend } from '../../src/renderer/components/bars/UseLegend';
import { Card } from '../../src/renderer/components/Card';
import { BarsChart } from '../../src/renderer/components/charts/BarsChart';
import { TimeChart } from '../../src/renderer/components/charts/TimeChart';
import { Page } from '../../src/renderer/components/Page';
import { Segmented } from '../../src/renderer/components/Segmented';
import { StatTiles } from '../../src/renderer/components/StatTiles';
import { Stepper } from '../../src/renderer/components/Stepper';
import { useLabels } from '../../src/renderer/i18n/use-labels';
import { busyDay, DAY_FROM, jobsPerHour, quietHour, waitingDay } from './chart-fixtures';
import classes from './ChartParts.module.css';

const PERCENT = { total: 100 } as const;
const GB = { total: 24 } as const;
const JOBS = { atLeast: 4 } as const;
const LIMIT_EVENTS = [{ atWallMs: DAY_FROM + 22 * 60_000, label: 'Busy' }];

export function ChartParts() {
  return (
    <main>
      <Page title="Charts and bars">
        <div className={classes['grid']}>
          <Card label="GPU">
            <Hour />
          </Card>
          <Card label="Day">
            <Day />
          </Card>
          <Card label="Bars">
            <Bars />
          </Card>
          <Card label="Figures">
            <Figures />
          </Card>
        </div>
      </Page>
    </main>
  );
}

function Hour() {
  const { format } = useLabels();
  const [data] = useState(quietHour);
  const limit = { value: 25, label: 'Limit for your own use: 25%' };
  return (
    <TimeChart
      label="GPU use"
      note="RTX 4090"
      aside={format.percent(66)}
      data={data}
      scale={PERCENT}
      valueText={format.percent}
      limit={limit}
      events={LIMIT_EVENTS}
      heightPx={200}
    />
  );
}

function Day() {
  const { format } = useLabels();
  const [day] = useState(busyDay);
  const [waiting] = useState(waitingDay);
  const count = (value: number): string => format.number(value);
  return (
    <>
      <TimeChart
        label="GPU load"
        note="share of 57 GPUs"
        data={day}
        scale={PERCENT}
        valueText={format.percent}
        hasTimes={false}
        sync="day"
        heightPx={110}
      />
      <TimeChart
        label="Memory"
        data={{ ...day, series: day.series.slice(0, 1).map((one) => ({ ...one, kind: 'line' })) }}
        scale={GB}
        valueText={format.gb}
        hasTimes={false}
        sync="day"
        heightPx={100}
      />
      <TimeChart
        label="Waiting jobs"
        data={waiting}
        scale={JOBS}
        valueText={count}
        sync="day"
        heightPx={120}
        events={[{ atWallMs: waiting.fromWallMs + 15 * 3_600_000, label: 'lab-l40s restarted' }]}
      />
    </>
  );
}

function Bars() {
  const { format } = useLabels();
  const count = (value: number): string => format.number(value);
  return (
    <div className={classes['bars']}>
      <UseBar label="VRAM" use={{ pool: 10.6, owner: 2.1 }} total={24} text="12.7 of 24 GB" size="tall" />
      <UseBar label="Your GPU use" use={{ pool: 0, owner: 71 }} total={100} limit={25} text="71%, limit 25%" first="owner" />
      <UseBar label="Memory" use={{ used: 61 }} total={100} text="61% of 64 GB" />
      <UseBar label="GPU" use={null} total={100} text="" />
      <UseLegend kinds={['pool', 'owner', 'used', 'free', 'limit']} whose="own" />
      <BarsChart
        label="Jobs per hour today"
        fromWallMs={DAY_FROM}
        toWallMs={DAY_FROM + 24 * 3_600_000}
        stepMs={3_600_000}
        values={jobsPerHour}
        isLastOpen
        valueText={count}
      />
    </div>
  );
}

const RANGES = [
  { value: '5m', label: '5 min' },
  { value: '1h', label: '1 h' },
  { value: '24h', label: '24 h' },
] as const;

function Figures() {
  const { format } = useLabels();
  const [range, setRange] = useState<(typeof RANGES)[number]['value']>('1h');
  const [limit, setLimit] = useState(60);
  return (
    <div className={classes['bars']}>
      <StatTiles
        label="Pool"
        tiles={[
          { label: 'Nodes available', figure: '29', unit: 'of 48', note: '6 full, 7 busy' },
          { label: 'VRAM in use', figure: '1.06', unit: 'of 2.02 TB', note: 'Pool 0.89, owners 0.17' },
          { label: 'Output', figure: '1,839', unit: 'tokens/s', note: '98.2 M in 24 h' },
          { label: 'First token', figure: null, unit: 's' },
        ]}
      />
      <div className={classes['row']}>
        <Segmented label="Range" choices={RANGES} value={range} onChange={setRange} />
        <Stepper label="CPU limit" value={limit} min={0} max={100} step={5} text={format.percent} onChange={setLimit} />
      </div>
    </div>
  );
}
