/** One handler a request about an open file: asks the library, converts its answer. */
import { ErrorCodes, RequestType, ResponseError } from 'vscode-languageserver';
import type { Connection } from 'vscode-languageserver';
import { codeLenses } from '../features/code-lenses.ts';
import { definitionsAt, referencesAt } from '../features/definition.ts';
import { documentsOf, rangesOfFields } from '../features/documents.ts';
import type { FeatureContext } from '../features/feature.ts';
import { folds } from '../features/folding.ts';
import { prepareRename, rename } from '../features/rename.ts';
import { documentSymbols, workspaceSymbols } from '../features/symbols.ts';
import type { ClientRequests, Range } from '../messages.ts';
import type { Project } from '../project.ts';
import { complete } from './completion.ts';
import { codeActionsOf, codeLensOf, documentSymbolOf, workspaceEditOf, workspaceSymbolOf } from './convert.ts';
import { hover } from './hover.ts';
import { YamlService } from './yaml-service.ts';

type Documents = ClientRequests['kubicle/documents'];
type Positions = ClientRequests['kubicle/positions'];

/** Symbols that one search answers. */
const symbolLimit = 200;

/** `contextOf` gives undefined for files that are not open. */
export function handleRequests(connection: Connection, project: Project, contextOf: (uri: string) => FeatureContext | undefined): void {
  handleTyping(connection, project, contextOf);
  handleNavigation(connection, project, contextOf);
  handleDocuments(connection, project, contextOf);
}

type Handle = typeof handleRequests;

const handleTyping: Handle = (connection, project, contextOf) => {
  const yaml = new YamlService(project.customKinds, (error) => connection.console.error(`yaml-language-server: ${String(error)}`));

  connection.onHover(async ({ textDocument, position }) => {
    const context = contextOf(textDocument.uri);
    return context === undefined ? null : await hover(context, position, yaml);
  });

  connection.onCompletion(async ({ textDocument, position }) => {
    const context = contextOf(textDocument.uri);
    return context === undefined ? null : await complete(context, position, yaml);
  });

  connection.onDocumentFormatting(async ({ textDocument: { uri } }) => {
    const context = contextOf(uri);
    return context === undefined || project.index.manifestsIn(uri).length === 0 ? [] : [...(await yaml.format(uri, context.file.text.text))];
  });

  connection.onCodeAction(({ textDocument: { uri }, range }) => {
    const file = contextOf(uri)?.file;
    if (file === undefined) return [];
    const findings = project.findings(uri).filter((finding) => touches(finding.range, range));
    return findings.flatMap((finding) => codeActionsOf(file, finding));
  });
};

const handleNavigation: Handle = (connection, project, contextOf) => {
  connection.onDefinition(({ textDocument, position }) => {
    const context = contextOf(textDocument.uri);
    return context === undefined ? [] : [...definitionsAt(context, position)];
  });

  connection.onReferences(({ textDocument, position, context: { includeDeclaration } }) => {
    const context = contextOf(textDocument.uri);
    return context === undefined ? [] : [...referencesAt(context, position, includeDeclaration)];
  });

  connection.onPrepareRename(({ textDocument, position }) => {
    const context = contextOf(textDocument.uri);
    const target = context === undefined ? undefined : prepareRename(context, position);
    return target === undefined ? null : { range: target.range, placeholder: target.text };
  });

  connection.onRenameRequest(({ textDocument, position, newName }) => {
    const context = contextOf(textDocument.uri);
    if (context === undefined) return null;
    const answer = rename(context, position, newName);
    return 'edits' in answer ? workspaceEditOf(answer.edits) : new ResponseError(ErrorCodes.InvalidParams, answer.refused);
  });

  connection.onWorkspaceSymbol(({ query }) => workspaceSymbols(project.index, query, symbolLimit).map(workspaceSymbolOf));
};

const handleDocuments: Handle = (connection, _project, contextOf) => {
  connection.onDocumentSymbol(({ textDocument }) => {
    const context = contextOf(textDocument.uri);
    return context === undefined ? [] : documentSymbols(context).map(documentSymbolOf);
  });

  connection.onFoldingRanges(({ textDocument }) => {
    const context = contextOf(textDocument.uri);
    return context === undefined ? [] : [...folds(context)];
  });

  connection.onCodeLens(({ textDocument }) => {
    const context = contextOf(textDocument.uri);
    return context === undefined ? [] : codeLenses(context).map(codeLensOf);
  });

  connection.onRequest(new RequestType<Documents['params'], Documents['result'], void>('kubicle/documents'), ({ uri }) => {
    const context = contextOf(uri);
    return { documents: context === undefined ? [] : documentsOf(context) };
  });

  connection.onRequest(new RequestType<Positions['params'], Positions['result'], void>('kubicle/positions'), ({ uri, document, fields }) => {
    const context = contextOf(uri);
    return { ranges: context === undefined ? [] : rangesOfFields(context, document, fields) };
  });
};

function touches(one: Range, other: Range): boolean {
  const before = (a: Range, b: Range): boolean => a.end.line < b.start.line || (a.end.line === b.start.line && a.end.character < b.start.character);
  return !before(one, other) && !before(other, one);
}
