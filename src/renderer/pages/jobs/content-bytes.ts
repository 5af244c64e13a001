// The bytes of a job's result: decoded from base64, and the name of the saved file.

/** Null where the text is not base64. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

const ENDINGS: Readonly<Record<string, string>> = {
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/wave': 'wav',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'ogg',
  'audio/opus': 'opus',
  'audio/flac': 'flac',
  'audio/aac': 'aac',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'application/pdf': 'pdf',
  'application/zip': 'zip',
};

const bareType = (contentType: string): string => contentType.split(';')[0]?.trim().toLowerCase() ?? '';

export const isAudio = (contentType: string): boolean => bareType(contentType).startsWith('audio/');

/** `job-1a2b3c4d.wav`; `.bin` for an unknown type. */
export function fileNameOf(jobId: string, contentType: string): string {
  return `${jobId.replace(/[^\w-]/g, '_')}.${ENDINGS[bareType(contentType)] ?? 'bin'}`;
}
