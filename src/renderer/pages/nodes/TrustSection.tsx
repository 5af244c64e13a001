// Why a connected node gets no jobs although it is ready: its quarantine, and the models that fail on it.
import type { FailingModel, NodeView } from '../../../shared/api/node-view';
import { Ago, ClockTime } from '../../components/Time';
import { Dim } from '../../components/Dim';
import { Rich } from '../../components/Rich';
import { useLabels } from '../../i18n/use-labels';
import classes from './NodeDrawer.module.css';

export function QuarantineLines({ quarantine }: { readonly quarantine: NonNullable<NodeView['quarantine']> }) {
  const { t } = useLabels();
  return (
    <div className={classes['drain']}>
      <p>
        <Rich k="nodes.quarantined_by" values={{ age: <Ago wallMs={quarantine.since} /> }} />
      </p>
      {quarantine.reason !== null && <p>{t('nodes.drain_note', { reason: quarantine.reason })}</p>}
    </div>
  );
}

export function FailingModelsSection({ models }: { readonly models: readonly FailingModel[] }) {
  const { t } = useLabels();
  return (
    <section>
      <h3>{t('nodes.failing_models')}</h3>
      <ul className={classes['list']}>
        {models.map((model) => (
          <li key={model.model_id}>
            <span>
              {model.model_id}
              {model.last_error !== null && <Dim>{t('nodes.failing_error', { message: model.last_error.message })}</Dim>}
            </span>
            <Dim as="span">
              {t('nodes.failing_count', { count: model.failures })}{' '}
              {model.until === null ? (
                t('nodes.failing_test')
              ) : (
                <Rich k="nodes.failing_until" values={{ time: <ClockTime wallMs={model.until} /> }} />
              )}
            </Dim>
          </li>
        ))}
      </ul>
    </section>
  );
}
