// The Members page of a host with the members, keys and invitations of the fixtures.
import type { OperationName, Outcome } from '../../../../src/shared/api/app-api';
import { ok } from '../../../../src/shared/result';
import { hosting } from '../../../fixtures/app-states/states';
import { invites, keys, members } from '../../../fixtures/app-states/trust';
import { show, type ShowOptions, type Shown } from '../support/render-screen';

export const LISTS: Partial<Record<OperationName, Outcome<unknown>>> = {
  'members.list': ok({ members }),
  'keys.list': ok({ keys }),
  'invites.list': ok({ invites }),
};

export const showMembers = ({ answers = {}, ...options }: ShowOptions = {}, state = hosting()): Shown =>
  show(state, { page: 'members', answers: { ...LISTS, ...answers }, ...options });

/** Without the spaces that do not break. */
export const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');
