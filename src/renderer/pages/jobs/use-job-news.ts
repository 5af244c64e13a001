// A value that changes when jobs of the pool begin or end somewhere: the pool's own events, which arrive anyway.
import { useApp } from '../../store/Screen';

export const useJobNews = (): string => useApp(({ nodes }) => nodes.map(({ in_flight_jobs }) => in_flight_jobs).join());
