// Which rooms exist for a program: nothing leads to a room that would be empty by nature.
import type { AppState } from '../../shared/api/app-state';

export const ROOMS = ['overview', 'gpus', 'models', 'jobs', 'pool', 'nodes', 'dispatch', 'settings'] as const;
export type Room = (typeof ROOMS)[number];

export interface RoomGroup {
  readonly group: 'this_machine' | 'the_pool' | 'tools';
  readonly rooms: readonly Room[];
}

/** Rooms in the order of the rail, in its groups. Never all empty: Settings is always there. */
export function roomGroups(app: AppState): readonly RoomGroup[] {
  const isAlone = app.agent === null;
  const groups: readonly RoomGroup[] = [
    // On a machine that only contributes, Jobs says where they are seen.
    { group: 'this_machine', rooms: isAlone ? [] : ['overview', 'gpus', 'models', 'jobs'] },
    { group: 'the_pool', rooms: app.pool === null ? ['pool'] : ['pool', 'nodes', ...(isAlone ? (['jobs'] as const) : []), 'dispatch'] },
    { group: 'tools', rooms: ['settings'] },
  ];
  return groups.filter(({ rooms }) => rooms.length > 0);
}

/** The room of a location hash, or the first that this program has. */
export function roomOf(hash: string, app: AppState): Room {
  const rooms = roomGroups(app).flatMap(({ rooms: some }) => some);
  const home: Room = app.agent === null && app.pool !== null ? 'nodes' : (rooms[0] ?? 'settings');
  const wanted = /^#\/([a-z]+)/.exec(hash)?.[1];
  return rooms.find((room) => room === wanted) ?? home;
}
