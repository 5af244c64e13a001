// Content types: what a command takes and what it gives. Pure.
import type { CommandTask } from '../../../../shared/protocol/tasks';

/** `Text/Plain; charset=utf-8` as `text/plain`. */
export const essenceOf = (contentType: string): string => (contentType.split(';')[0] ?? '').trim().toLowerCase();

export const contentTypeOf = (input: CommandTask['input']): string => (typeof input === 'string' ? 'text/plain' : input.content_type);

/** Whether one of the accepted types is this one, or names its whole family (`audio/*`). */
export function accepts(accepted: readonly string[], contentType: string): boolean {
  const essence = essenceOf(contentType);
  const family = `${essence.split('/')[0] ?? ''}/*`;
  return accepted.map(essenceOf).some((one) => one === essence || one === family || one === '*/*');
}

export const isText = (contentType: string): boolean => essenceOf(contentType).startsWith('text/');
