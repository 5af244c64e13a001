// The addresses of the pool of this computer: the one that programs need; the invitation, and the others with the join link.
import type { HostView } from '../../../shared/api/app-state';
import { pinOfLink } from '../../../shared/api/join-link';
import { CopyField } from '../../components/CopyField';
import { Dim } from '../../components/Dim';
import { Disclosure } from '../../components/Disclosure';
import { HostInvitation } from '../../components/own/HostInvitation';
import { useLabels } from '../../i18n/use-labels';
import { hrefOf } from '../../routes';
import classes from './HostCard.module.css';

export function ProgramsAddress({ host }: { readonly host: HostView }) {
  const { t, gap } = useLabels();
  const [url] = host.lan_urls;
  if (url === undefined) return host.scope === 'lan' ? <p>{t('pool.no_lan')}</p> : null;
  return (
    <div className={classes['programs']}>
      <CopyField label={t('pool.programs_address')} value={`${url}/v1`} isAddress isLine />
      <div className={classes['needs']}>
        <Dim as="p">
          {t('pool.programs_note')}
          {gap}
          <a href={hrefOf({ page: 'members' })}>{t('pool.to_members')}</a>
        </Dim>
        {pinOfLink(host.join_link) !== null && (
          <Dim as="p">
            {t('pool.programs_trust')}
            {gap}
            <a href={hrefOf({ page: 'connect' })}>{t('pool.to_connect')}</a>
          </Dim>
        )}
      </div>
    </div>
  );
}

export function Addresses({ host }: { readonly host: HostView }) {
  const { t } = useLabels();
  const { url, lan_urls: lanUrls, join_link: joinLink } = host;
  if (url === null) return null;
  const summary = (lanUrls.length === 0 ? [url] : lanUrls).join(' · ');
  return (
    <Disclosure title={t(joinLink === null ? 'pool.addresses' : 'pool.invitation_addresses')} summary={summary}>
      <div className={classes['addresses']}>
        <HostInvitation host={host} showsLink />
        {lanUrls.map((lanUrl, index) => (
          <CopyField key={lanUrl} label={t('pool.lan_address')} hideLabel={index > 0} value={lanUrl} />
        ))}
        <CopyField label={t('pool.address')} value={url} />
      </div>
    </Disclosure>
  );
}
