// An invitation as one text for a chat or a mail: what the pool does, the steps, both links, the validity, and the addresses of the pool. Pure.
import type { Labels } from '../i18n/use-labels';

export interface InvitationFacts {
  /** Null: the pool has no name. */
  readonly poolName: string | null;
  readonly link: string;
  /** The same as `link` for a pool with a certificate of its owner. */
  readonly httpsLink: string;
  readonly uses: number;
  readonly untilWallMs: number;
}

/** The host at which a link reaches the pool, without the port. */
export const hostOfLink = (httpsLink: string): string => new URL(httpsLink).hostname;

export function invitationText({ t, format }: Labels, facts: InvitationFacts, nowWallMs: number): string {
  const { poolName, link, httpsLink, uses, untilWallMs } = facts;
  const { origin } = new URL(httpsLink);
  const named = (name: string, value: string): string => `${name}${t('punctuation.colon')}${value}`;
  return [
    poolName === null ? t('invitation.message.intro_unnamed') : t('invitation.message.intro', { pool: poolName }),
    `1. ${t('invitation.install')}`,
    `2. ${named(t('invitation.message.open'), link)}`,
    ...(httpsLink === link ? [] : [named(t('invitation.message.browser'), httpsLink)]),
    t('invitation.message.valid', {
      computers: t('invitation.computers', { count: uses }),
      until: format.clock(untilWallMs, nowWallMs),
    }),
    named(t('invitation.message.dashboard'), origin),
    named(t('invitation.message.base_url'), `${origin}/v1`),
    t('invitation.reach', { host: hostOfLink(httpsLink) }),
  ].join('\n');
}
