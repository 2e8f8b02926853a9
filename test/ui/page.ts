/** What a person does in the window, and what they wait for. */
import type { Locator, Page } from 'playwright-core';

export const patience = { timeout: 60_000 };

export function tree(page: Page, name: string): Locator {
  return page.getByRole('tree', { name });
}

/** Looks again until it is so. */
export async function soon(look: () => Promise<boolean>, timeout = patience.timeout): Promise<void> {
  const deadline = Date.now() + timeout;
  while (!(await look())) {
    if (Date.now() > deadline) throw new Error(`not in time: ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export async function openFile(page: Page, name: string): Promise<void> {
  const tab = page.getByRole('tab', { name: new RegExp(name), selected: true }).first();
  await soon(async () => {
    await page.keyboard.press('Control+P');
    const input = page.locator('.quick-input-box input');
    await input.fill(name);
    await page.getByRole('option', { name: new RegExp(`^${name}`) }).first().waitFor(patience);
    await input.press('Enter');
    return tab.waitFor({ timeout: 5000 }).then(() => true, () => false);
  });
}

export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+Shift+P');
  const input = page.locator('.quick-input-box input');
  await input.fill(`>${title}`);
  await page.getByRole('option', { name: new RegExp(title) }).first().waitFor(patience);
  await input.press('Enter');
}

/** An entry of the menu that a right click on something in the explorer opens. Only the opening is tried again; what is chosen is chosen once. */
export async function choose(page: Page, what: RegExp, title: string): Promise<void> {
  const row = tree(page, 'Explorer').getByRole('treeitem', { name: what }).first();
  const item = page.getByRole('menuitem', { name: title, exact: true });
  await soon(async () => {
    await row.click({ button: 'right', timeout: 5000 }).catch(() => undefined);
    const opened = await item.waitFor({ timeout: 2000 }).then(() => true, () => false);
    // The row that has the focus is the one that the menu is about; a row may have moved under the mouse.
    if (opened && (await row.evaluate((element) => element.classList.contains('focused')))) return true;
    await page.keyboard.press('Escape');
    return false;
  });
  await item.hover();
  // By the keyboard: a menu takes no click in its first moments, so that the click that opened it does not choose.
  await page.locator('.action-item.focused', { has: item }).waitFor(patience);
  await page.keyboard.press('Enter');
  await item.waitFor({ ...patience, state: 'hidden' });
}

/** A button at the right of the editor's tabs. */
export async function editorAction(page: Page, title: string): Promise<void> {
  await page.locator('.editor-actions').getByRole('button', { name: new RegExp(`^${title}`) }).first().click();
}

export async function notification(page: Page, text: RegExp): Promise<void> {
  // The list behind the bell holds it too, out of sight.
  await page.locator('.notification-list-item-message', { hasText: text }).filter({ visible: true }).first().waitFor({ timeout: 60_000 });
}

export async function clearNotifications(page: Page): Promise<void> {
  await runCommand(page, 'Notifications: Clear All Notifications');
}
