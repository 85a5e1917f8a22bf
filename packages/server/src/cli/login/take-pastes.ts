import { parsePastedCallback, type BegunLogin } from "@dragoman/gateway";

export interface PasteDesk {
  /** @returns `undefined` when there is nobody to ask any more */
  ask(question: string): Promise<string | undefined>;
  complain(line: string): void;
}

/** Asks for the address to which the browser was sent, until one fits. The browser may still come by itself meanwhile. */
export async function takePastes(login: Pick<BegunLogin, "state" | "answer">, { ask, complain }: PasteDesk): Promise<void> {
  let question = "Paste the address to which the browser was sent, or press Enter to keep waiting: ";
  for (;;) {
    const text = await ask(question);
    if (text === undefined) return;
    question = "Paste the address (Enter: keep waiting): ";
    if (text.trim() === "") continue;
    const wrong = refusalOf(text, login);
    if (wrong === undefined) return;
    complain(wrong);
  }
}

/** `undefined`: it was taken, or is not awaited any more. */
function refusalOf(text: string, login: Pick<BegunLogin, "state" | "answer">): string | undefined {
  const { code, state, error } = parsePastedCallback(text) ?? {};
  if (code === undefined && error === undefined) return "That is no address with a code in it. It begins like http://localhost: and holds code= and state=.";
  if (state === undefined && error === undefined) return "The state is missing: paste the whole address.";
  if (state !== undefined && state !== login.state) return "That address belongs to another login: its state differs. Use the page that was opened last.";
  login.answer({ ...(code !== undefined && { code }), ...(error !== undefined && { error }) });
  return undefined;
}
