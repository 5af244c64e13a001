// The roles of a member, key or invitation, as all lists and dialogs name them.
import type { Role } from '../../shared/api/members';
import type { Labels } from '../i18n/use-labels';

export const rolesText = (roles: readonly Role[], t: Labels['t']): string =>
  roles.length === 0 ? t('unknown.none') : roles.map((role) => t(`role.${role}`)).join(t('punctuation.list'));
