// How a change of the settings of the hosted scheduler applies.
import type { HostSettings } from './ports';

/** An absent setting stays as it is. */
export const mergedSettings = (before: HostSettings, next: HostSettings): HostSettings => ({
  scope: next.scope,
  plainHttpApi: next.plainHttpApi ?? before.plainHttpApi,
  announce: next.announce ?? before.announce,
});
