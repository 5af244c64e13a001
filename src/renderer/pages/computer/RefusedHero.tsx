// The scheduler refused this node: title, source, fix and actions. The code is in the closed details.
import { Button } from '@mantine/core';
import type { LinkView } from '../../../shared/api/agent-view';
import { ClockTime } from '../../components/Time';
import { CodeDetails } from '../../components/CodeDetails';
import { Dim } from '../../components/Dim';
import { Rich } from '../../components/Rich';
import { useLabels } from '../../i18n/use-labels';
import { hrefOf } from '../../routes';
import { useOperation } from '../../queries/use-operation';
import { addressOf, isErrorCode } from '../../labels/link-labels';
import { HeroFrame } from './HeroFrame';
import classes from './RefusedHero.module.css';

export function RefusedHero({ link }: { readonly link: Extract<LinkView, { state: 'refused' }> }) {
  const { t } = useLabels();
  const recheck = useOperation('agent.recheck');
  const { code, details } = link;
  const known = isErrorCode(code);
  const field = typeof details?.['field'] === 'string' ? details['field'] : '';
  const reason = typeof details?.['reason'] === 'string' ? details['reason'] : '';
  return (
    <HeroFrame
      shape={code === 'NOT_A_NODE' ? 'offline' : 'refused'}
      title={known ? t(`error.${code}.title`) : t('error_unknown.title')}
      actions={
        <>
          {code === 'UNAUTHORIZED' && (
            <Button component="a" href={hrefOf({ page: 'pool' })}>
              {t('hero.idle.join')}
            </Button>
          )}
          <Button variant={code === 'UNAUTHORIZED' ? 'default' : 'filled'} loading={recheck.pending} onClick={() => void recheck.run({})}>
            {t(code === 'NODE_ID_CONFLICT' ? 'hero.refused.new_id' : 'action.check_again')}
          </Button>
        </>
      }
      error={recheck.error}
      reasons={
        <div className={classes['reasons']}>
          <p>{known ? t(`error.${code}.fix`) : t('error_unknown.fix')}</p>
          {reason !== '' && <Dim as="p">{field === '' ? reason : t('error_field', { field, reason })}</Dim>}
          <CodeDetails code={code} />
        </div>
      }
    >
      <p>
        <Rich k="hero.refused.text" values={{ address: addressOf(link.scheduler_url), since: <ClockTime wallMs={link.since} /> }} />
      </p>
    </HeroFrame>
  );
}
