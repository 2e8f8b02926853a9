/** Another extension, as its author would write it after README and `extension/api.ts`. */
const vscode = require('vscode');

exports.activate = async (context) => {
  const { api } = await vscode.extensions.getExtension('kubicle.kubicle').activate();
  const kubicle = await api();
  const clicked = [];
  let changes = 0;
  context.subscriptions.push(
    kubicle.onDidChange(() => changes++),
    kubicle.addExplorerNodes({
      kind: 'ConfigMap',
      nodes: (object) => Object.keys(object.data ?? {}).map((key) => ({ label: key, icon: 'beaker', command: 'harness.clicked' })),
    }),
    vscode.commands.registerCommand('harness.clicked', (identity) => clicked.push(identity)),
    vscode.commands.registerCommand('harness.facts', () => ({ version: kubicle.version, active: kubicle.active, kubeconfig: kubicle.kubeconfigOf(), changes, clicked })),
  );
};
