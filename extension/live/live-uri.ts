/** Addresses of live objects as documents: `kubicle:/CONTEXT/GROUP/VERSION/KIND/NAMESPACE/NAME.yaml`. */
import * as vscode from 'vscode';
import { liveScheme } from './live-scheme.ts';
import { apiVersionOf, type GroupVersionKind } from '../../cluster-host/api/object.ts';

/** Stands for an empty part: a path has none. */
const none = '-';

export interface LiveRef {
  readonly context: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export function liveUri(context: string, ref: { readonly resource: GroupVersionKind; readonly namespace: string; readonly name: string }): vscode.Uri {
  const { group, version, kind } = ref.resource;
  const parts = [context, group || none, version, kind, ref.namespace || none, `${ref.name}.yaml`];
  return vscode.Uri.from({ scheme: liveScheme, path: `/${parts.map(encodeURIComponent).join('/')}` });
}

export function liveRef(uri: vscode.Uri): LiveRef {
  const [, context = '', group = '', version = '', kind = '', namespace = '', file = ''] = uri.path.split('/').map(decodeURIComponent);
  return { context, apiVersion: apiVersionOf({ group: group === none ? '' : group, version }), kind, namespace: namespace === none ? '' : namespace, name: file.replace(/\.yaml$/, '') };
}
