// Which model serves an alias or `auto`, in one line. Pure.
import type { ModelName } from '../../../shared/api/dispatch';
import { printable } from './text-table';

const WHY: Readonly<Record<ModelName['by'], string>> = {
  alias: 'alias',
  fallback: 'alias, the model before it is not ready',
  auto: 'the best ready model',
};

export const nameText = ({ name, model, by }: ModelName): string => printable(`${name} is served by ${model} (${WHY[by]}).`);
