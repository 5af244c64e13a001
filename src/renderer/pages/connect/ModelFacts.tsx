// What is known of the chosen model: where it is ready, what it can do, and what a coding agent would miss.
import { type ReadyPoolModel, takingNodes } from '../../../shared/api/pool-models';
import { ABILITIES } from '../../../shared/protocol/model-abilities';
import { Dim } from '../../components/Dim';
import { StatusShape } from '../../components/StatusShape';
import { useLabels } from '../../i18n/use-labels';
import classes from './ConnectPage.module.css';

/** Coding agents begin with a long prompt. */
const AGENT_CONTEXT_TOKENS = 64_000;

export interface ModelFactsProps {
  readonly model: ReadyPoolModel;
  /** The coding agent that uses it. Null: another program, or a task. */
  readonly agent: string | null;
}

export function ModelFacts({ model, agent }: ModelFactsProps) {
  const { t, format } = useLabels();
  const { abilities, context_tokens: context, nodes_loaded: loaded } = model;
  const ready = takingNodes(model);
  const can = ABILITIES.filter((name) => abilities?.[name] === true).map((name) => t(`connect.ability.${name}`));
  const lacks =
    agent === null
      ? []
      : [
          ...(abilities?.tools === false ? [t('connect.lacks_tools', { name: agent })] : []),
          ...(context !== undefined && context < AGENT_CONTEXT_TOKENS
            ? [t('connect.lacks_context', { name: agent, tokens: format.number(AGENT_CONTEXT_TOKENS) })]
            : []),
        ];
  return (
    <div className={classes['fact']}>
      <p>
        {t('connect.ready_on', { count: ready, formatted: format.number(ready) })}
        {loaded !== undefined && loaded > 0 && `${t('punctuation.comma')}${t('connect.loaded_on', { formatted: format.number(loaded) })}`}
      </p>
      {can.length > 0 && <p>{t('connect.supports', { abilities: can.join(t('punctuation.list')) })}</p>}
      {context !== undefined && <Dim as="p">{t('connect.context', { tokens: format.number(context) })}</Dim>}
      {lacks.map((text) => (
        <p key={text} className={classes['lacks']}>
          <StatusShape shape="degraded" size={14} />
          <span>{text}</span>
        </p>
      ))}
    </div>
  );
}
