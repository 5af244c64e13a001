// The measured speed of one model, and the button that measures it.
import { Button } from '@mantine/core';
import type { ModelView } from '../../../shared/api/agent-view';
import { Ago } from '../../components/Time';
import { Dim } from '../../components/Dim';
import { useLabels } from '../../i18n/use-labels';
import { canBeMeasured, measurementLabel } from '../../labels/measurement-labels';
import classes from './ModelSpeed.module.css';

export interface ModelSpeedProps {
  readonly model: ModelView;
  readonly onMeasure: () => void;
}

export function ModelSpeed({ model: { model_id, state, measurement }, onMeasure }: ModelSpeedProps) {
  const labels = useLabels();
  const { t } = labels;
  if (measurement === undefined) return t('unknown.none');
  const { text, code, detail, measuredAtWallMs } = measurementLabel(measurement, labels);
  const action = t(measuredAtWallMs === null ? 'measurement.measure' : 'measurement.again');
  return (
    <>
      {measuredAtWallMs === null ? <Dim>{text}</Dim> : <div title={code ?? undefined}>{text}</div>}
      {detail !== null && (
        <div className={classes['detail']} title={detail}>
          {detail}
        </div>
      )}
      {measuredAtWallMs !== null && (
        <Dim>
          <Ago wallMs={measuredAtWallMs} />
        </Dim>
      )}
      {state === 'ready' && canBeMeasured(measurement) && (
        <Button size="compact-xs" variant="default" aria-label={`${action}${t('punctuation.colon')}${model_id}`} onClick={onMeasure}>
          {action}
        </Button>
      )}
    </>
  );
}
