// The server of whisper.cpp: a web page, a form for audio files, and in newer builds `/health`.
import { StandIn } from './stand-in';

export const WHISPER_PAGE = '<html><head><title>Whisper.cpp Server</title></head><body><h1>Whisper.cpp Server</h1></body></html>';

export interface WhisperState {
  loading?: boolean;
  /** Builds without `/health`. */
  old?: boolean;
  /** Started with `--inference-path`. */
  inferencePath?: string;
}

export const openWhisperCpp = (state: WhisperState = {}): Promise<StandIn> =>
  StandIn.open({
    routes: {
      'GET /': () => ({ type: 'text/html', body: WHISPER_PAGE }),
      'GET /health': () => {
        if (state.old === true) return { status: 404 };
        return state.loading === true ? { status: 503, body: { status: 'loading model' } } : { body: { status: 'ok' } };
      },
      [`POST ${state.inferencePath ?? '/inference'}`]: ({ body }) =>
        body.includes('name="file"')
          ? { body: { text: ' The node is ready.\n' } }
          : { status: 400, body: { error: "no 'file' field in the request" } },
    },
    otherwise: () => ({ status: 404 }),
  });
