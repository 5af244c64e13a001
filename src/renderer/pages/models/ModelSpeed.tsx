// The measured speed of one model, and the button that measures it.
import { Button } from '@mantine/core';
import type { ModelView } from '../../../shared/api/agent-view';
import { Ago } from '../../components/Time';
import { Code } from '../../components/Code';
import { Dim } from '../../components/Dim';
import { useWords } from '../../i18n/use-words';
import { canBeMeasured, measurementWords } from '../../words/measurement-words';
import classes from './ModelSpeed.module.css';

export interface ModelSpeedProps {
  readonly model: ModelView;
  readonly onMeasure: () => void;
}

export function ModelSpeed({ model: { model_id, state, measurement }, onMeasure }: ModelSpeedProps) {
  const words = useWords();
  const { t } = words;
  if (measurement === undefined) return t('unknown.none');
  const { text, code, detail, measuredAt } = measurementWords(measurement, words);
  const act = t(measuredAt === null ? 'measurement.measure' : 'measurement.again');
  return (
    <>
      {measuredAt === null ? (
        <Dim>{text}</Dim>
      ) : (
        <div>
          {text} {code !== null && <Code>{code}</Code>}
        </div>
      )}
      {detail !== null && (
        <div className={classes['detail']} title={detail}>
          {detail}
        </div>
      )}
      {measuredAt !== null && (
        <Dim>
          <Ago timeMs={measuredAt} />
        </Dim>
      )}
      {state === 'ready' && canBeMeasured(measurement) && (
        <Button size="compact-xs" variant="default" aria-label={`${act}${t('punctuation.colon')}${model_id}`} onClick={onMeasure}>
          {act}
        </Button>
      )}
    </>
  );
}
