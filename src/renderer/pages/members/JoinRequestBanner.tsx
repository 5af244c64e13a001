// The requests to join, above the members: a row for each, with the digits and the button that opens the comparison.
import { Button } from '@mantine/core';
import type { JoinRequestView } from '../../../shared/api/join-requests';
import { ErrorNote } from '../../components/ErrorNote';
import { Rich } from '../../components/Rich';
import { StatusShape } from '../../components/StatusShape';
import { TimeLeft } from '../../components/Time';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { hrefOf } from '../../routes';
import { useApp } from '../../store/Screen';
import { claimedGpus } from './JoinRequestDialog';
import classes from './JoinRequestBanner.module.css';

export function JoinRequestBanner() {
  const { t } = useLabels();
  const requests = useApp((app) => app.join_requests);
  if (requests.length === 0) return null;
  return (
    <section aria-label={t('join_request.banner_label')} className={classes['requests']}>
      {requests.map((request) => (
        <RequestRow key={request.id} request={request} />
      ))}
    </section>
  );
}

function RequestRow({ request }: { readonly request: JoinRequestView }) {
  const labels = useLabels();
  const { t } = labels;
  const deny = useOperation('join_requests.deny');
  const { id, name, digits, address, expires_at: expiresWallMs, approved: isApproved } = request;
  return (
    <div className={classes['request']}>
      <StatusShape shape="registering" size={14} />
      <span className={classes['name']}>
        <Rich k="join_request.banner" values={{ name }} />
      </span>
      <b className={classes['digits']}>{`${digits.slice(0, 3)} ${digits.slice(3)}`}</b>
      <span className={classes['claims']}>
        {isApproved ? (
          t('join_request.approved')
        ) : (
          <>
            {claimedGpus(request, labels)} · {address} ·{' '}
            <Rich k="join_request.expires_in" values={{ left: <TimeLeft wallMs={expiresWallMs} /> }} />
          </>
        )}
      </span>
      <span className={classes['buttons']}>
        <Button
          variant="default"
          size="compact-sm"
          className={classes['deny'] ?? ''}
          loading={deny.pending}
          onClick={() => void deny.run({ id })}
        >
          {t('join_request.deny')}
        </Button>
        {!isApproved && (
          <Button component="a" size="compact-sm" href={hrefOf({ page: 'members', id })}>
            {t('join_request.compare')}
          </Button>
        )}
      </span>
      <ErrorNote error={deny.error} />
    </div>
  );
}
