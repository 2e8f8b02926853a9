/** Process entry of the language server; LSP over the transport that the client chose (`--stdio`, `--node-ipc`, …). */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from './lsp/start.ts';

startServer(createConnection(ProposedFeatures.all));
