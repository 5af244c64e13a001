// Step 2 after this computer joined a pool: which one, whether the connection works, and the next step.
import { Card } from '../../components/Card';
import { StatusLabel } from '../../components/StatusLabel';
import { useLabels } from '../../i18n/use-labels';
import { addressOf } from '../../labels/link-labels';
import { poolNameOf } from '../../labels/pool-name';
import { hrefOf } from '../../routes';
import { useApp } from '../../store/Screen';
import { LINK_SHAPES, type MemberLink } from '../pool/MembershipCard';
import { useMayAsk } from '../../queries/use-may-ask';
import classes from './SetupPage.module.css';

export function JoinedCard({ link }: { readonly link: MemberLink }) {
  const { t, gap } = useLabels();
  const mayAsk = useMayAsk();
  const name = useApp(poolNameOf) ?? addressOf(link.scheduler_url);
  const { state } = link;
  return (
    <Card title={t('pool.joined_title')}>
      <div className={classes['lines']}>
        <div role="status" className={classes['lines']}>
          <StatusLabel shape={LINK_SHAPES[state]} label={t(`link.${state}`)} />
          <p>
            {t(`setup.joined.${state}`, { name })}
            {state === 'connected' && mayAsk && `${gap}${t('setup.joined_try')}`}
          </p>
        </div>
        {(state === 'connected' || state === 'refused') && (
          <p>
            <a href={hrefOf({ page: 'computer' })}>{t(`setup.joined_next.${state}`)}</a>
          </p>
        )}
      </div>
    </Card>
  );
}
