// The types of the table of operations: params after decoding, and the handler of each operation.
import type { z } from 'zod';
import type { OPERATIONS, OperationName, OperationResult, Outcome } from '../../shared/api/app-api';

export type ParsedParams<Name extends OperationName> = z.output<(typeof OPERATIONS)[Name]['params']>;
export type OperationHandlers = {
  readonly [Name in OperationName]: (
    params: ParsedParams<Name>,
  ) => Outcome<OperationResult<Name>> | Promise<Outcome<OperationResult<Name>>>;
};
