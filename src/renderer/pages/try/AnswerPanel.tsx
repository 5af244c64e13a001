// Beside the chat: the node of an answer, its figures, the time so far, why the node was chosen, and the options of the next message.
import { Modal } from '@mantine/core';
import { useId, useState } from 'react';
import type { PredictionView } from '../../../shared/api/prediction';
import { remarkOf } from '../../../shared/api/prediction-remark';
import { WhyNode } from '../../components/WhyNode/WhyNode';
import { LinkButton } from '../../components/LinkButton';
import { useLabels } from '../../i18n/use-labels';
import { gpuSummary } from '../../labels/gpu-names';
import { hrefOf } from '../../routes';
import { useApp } from '../../store/Screen';
import { type Answer, figuresOf, isOpen, nodeIdOf, stagesOf } from './answer';
import { useAnswerNode } from './use-answer-node';
import { useNowMonotonicMs } from './use-elapsed';
import classes from './AnswerPanel.module.css';

export function AnswerPanel({ answer }: { readonly answer: Answer | null }) {
  if (answer === null) return null;
  return (
    <>
      <AnsweredBy answer={answer} />
      {hasFigures(answer) && <FigureTiles answer={answer} />}
      <Stages answer={answer} />
      {answer.job?.prediction != null && <Why prediction={answer.job.prediction} answer={answer} />}
    </>
  );
}

/** Before the first token there are none. */
const hasFigures = (answer: Answer): boolean => Object.values(figuresOf(answer)).some((figure) => typeof figure === 'number');

function AnsweredBy({ answer }: { readonly answer: Answer }) {
  const { t } = useLabels();
  const name = useAnswerNode(answer);
  const nodeId = nodeIdOf(answer);
  const gpus = useApp(({ nodes }) => {
    const node = nodeId === null ? undefined : nodes.get(nodeId);
    return node === undefined ? '' : gpuSummary(node, { t });
  });
  const isInPool = useApp(({ nodes }) => nodeId !== null && nodes.has(nodeId));
  const hasJobs = useApp(({ pool }) => pool !== null);
  const jobId = answer.begin?.job_id ?? answer.job?.job_id ?? null;
  return (
    <section>
      <h2>{t('try_it.answered_by')}</h2>
      <p className={classes['who']}>
        {name === null ? (
          t(isOpen(answer) ? 'try_it.no_node_yet' : 'try_it.no_node')
        ) : isInPool && nodeId !== null ? (
          <a href={hrefOf({ page: 'nodes', id: nodeId })}>{name}</a>
        ) : (
          name
        )}
      </p>
      <p className={classes['small']}>{[...(gpus === '' ? [] : [gpus]), answer.model].join(' · ')}</p>
      {hasJobs && jobId !== null && (
        <p className={classes['small']}>
          <a href={hrefOf({ page: 'jobs', id: jobId })}>{t('try_it.job')}</a>
        </p>
      )}
    </section>
  );
}

function FigureTiles({ answer }: { readonly answer: Answer }) {
  const { t, format } = useLabels();
  const { firstTokenMs, tokensPerSecond, promptTokens, cachedTokens } = figuresOf(answer);
  const isPart = promptTokens !== null && promptTokens > 0 && cachedTokens !== null;
  const part = isPart ? t('punctuation.in_brackets', { text: format.percent(Math.round((cachedTokens / promptTokens) * 100)) }) : '';
  const tiles: readonly (readonly [string, string | null, string])[] = [
    [t('try_it.first_token'), firstTokenMs === null ? null : format.took(firstTokenMs), ''],
    [
      t('try_it.speed'),
      tokensPerSecond === null ? null : format.number(tokensPerSecond, tokensPerSecond < 10 ? 1 : 0),
      t('try_it.per_second'),
    ],
    [t('try_it.prompt'), promptTokens === null ? null : format.number(promptTokens), t('try_it.tokens_unit')],
    [t('try_it.from_cache'), cachedTokens === null ? null : format.number(cachedTokens), `${t('try_it.tokens_unit')}${part}`],
  ];
  // While the answer is open, an unknown figure may still come.
  const shown = isOpen(answer) ? tiles : tiles.filter(([, value]) => value !== null);
  return (
    <dl className={classes['tiles']}>
      {shown.map(([label, value, unit]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            {value ?? t('unknown.none')} {value !== null && unit !== '' && <small>{unit}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Stages({ answer }: { readonly answer: Answer }) {
  const { t, format } = useLabels();
  const now = useNowMonotonicMs(isOpen(answer));
  const stages = stagesOf(answer, now);
  const totalMs = Math.max(1, ...stages.map(({ fromMs, ms }) => fromMs + (ms ?? 0)));
  const percent = (ms: number): string => `${String((ms / totalMs) * 100)}%`;
  return (
    <section>
      <h2>{t(isOpen(answer) ? 'try_it.time' : 'try_it.time_total')}</h2>
      <dl className={classes['bars']}>
        {stages.map(({ stage, fromMs, ms }) => (
          <div key={stage}>
            <dt>{t(`try_it.stage.${stage}`)}</dt>
            <dd className={classes['bar']} aria-hidden="true">
              {ms !== null && ms > 0 && <i style={{ left: percent(fromMs), width: percent(ms) }} />}
            </dd>
            <dd>{ms === null || (ms === 0 && isOpen(answer)) ? t('unknown.none') : format.took(ms)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Why({ prediction, answer }: { readonly prediction: PredictionView; readonly answer: Answer }) {
  const { t, code, format, gap } = useLabels();
  const [isOpened, setIsOpened] = useState(false);
  const id = useId();
  const { route, nodes } = prediction;
  const remark = remarkOf(prediction);
  const tookMs =
    answer.state === 'done' && answer.endedAtMonotonicMs !== null ? answer.endedAtMonotonicMs - answer.sentAtMonotonicMs : null;
  const [chosen] = nodes;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{t('try_it.why')}</h2>
      <p className={classes['small']}>
        {t('why_node.sentence', { reason: code('route', route) })}
        {remark !== null && gap + t('why_node.sentence', { reason: code('route_remark', remark) })}
        {tookMs !== null &&
          chosen !== undefined &&
          gap + t('try_it.took', { took: format.took(tookMs), predicted: format.took(chosen.seconds * 1000) })}
      </p>
      {nodes.length > 0 && (
        <>
          <p className={classes['details']}>
            <LinkButton onClick={() => setIsOpened(true)}>
              {t('try_it.compare', { count: nodes.length, formatted: format.number(nodes.length) })}
            </LinkButton>
          </p>
          <Modal
            opened={isOpened}
            onClose={() => setIsOpened(false)}
            title={t('try_it.why')}
            size="xl"
            closeButtonProps={{ 'aria-label': t('action.close') }}
          >
            <WhyNode prediction={prediction} />
          </Modal>
        </>
      )}
    </section>
  );
}
