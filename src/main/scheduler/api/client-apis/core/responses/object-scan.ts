// Whether a text that arrives in pieces is a whole JSON object. Each character is read once, whatever a model server sends.

export interface ObjectScan {
  /** The text is one object, and its end has arrived. */
  readonly isWhole: boolean;
  readonly depth: number;
  readonly isInString: boolean;
  readonly isEscaped: boolean;
}

export const EMPTY_SCAN: ObjectScan = { isWhole: false, depth: 0, isInString: false, isEscaped: false };

export function scanPiece(scan: ObjectScan, piece: string): ObjectScan {
  let { isWhole, depth, isInString, isEscaped } = scan;
  for (let index = 0; index < piece.length; index++) {
    const character = piece[index];
    if (isEscaped) isEscaped = false;
    else if (isInString && character === '\\') isEscaped = true;
    else if (character === '"') isInString = !isInString;
    else if (isInString) continue;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      depth -= 1;
      isWhole = depth === 0;
    }
  }
  return { isWhole, depth, isInString, isEscaped };
}
