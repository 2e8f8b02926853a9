/** A page of ours in a webview: its style and script out of `media/`, and nothing else may load or run. */
import * as vscode from 'vscode';

/** `body` is our own markup. */
export function webPage(webview: vscode.Webview, media: vscode.Uri, name: string, body: string): string {
  const uri = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(media, file)).toString();
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${webview.cspSource}; script-src ${webview.cspSource};">
<link rel="stylesheet" href="${uri(`${name}.css`)}">
</head>
<body>
${body}
<script src="${uri(`${name}.js`)}"></script>
</body>
</html>`;
}
