// The bridge into the sandboxed window: exactly AppApi as `window.muster`, nothing of Electron or Node.
import { contextBridge, ipcRenderer } from 'electron';
import { ipcAppApi } from './ipc-api';

contextBridge.exposeInMainWorld('muster', ipcAppApi(ipcRenderer));
