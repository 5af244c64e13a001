// An invitation as one text for a chat or a mail: what the pool does, both links, the validity, and the addresses of the pool. Pure.
import type { Labels } from '../../i18n/use-labels';

export interface InvitationFacts {
  /** Null: the pool has no name. */
  readonly poolName: string | null;
  readonly link: string;
  readonly httpsLink: string;
  readonly uses: number;
  readonly untilWallMs: number;
}

/** The host at which a link reaches the pool, without the port. */
export const hostOfLink = (httpsLink: string): string => new URL(httpsLink).hostname;

export function invitationText({ t, format }: Labels, facts: InvitationFacts, nowWallMs: number): string {
  const { poolName, link, httpsLink, uses, untilWallMs } = facts;
  const { origin } = new URL(httpsLink);
  return [
    poolName === null ? t('invite.message.intro_unnamed') : t('invite.message.intro', { pool: poolName }),
    `${t('invite.message.open')}${t('punctuation.colon')}${link}`,
    `${t('invite.message.browser')}${t('punctuation.colon')}${httpsLink}`,
    t('invite.message.valid', { computers: t('invite.computers', { count: uses }), until: format.clock(untilWallMs, nowWallMs) }),
    `${t('invite.message.dashboard')}${t('punctuation.colon')}${origin}`,
    `${t('invite.message.base_url')}${t('punctuation.colon')}${origin}/v1`,
    t('invite.reach', { host: hostOfLink(httpsLink) }),
  ].join('\n');
}
