import type { Surroundings } from "./surroundings.ts";
import type { OwnKey } from "./own-key.ts";

/** What a connection needs of a person and of this machine. */
export interface ConnectTools {
  readonly around: Surroundings;
  readonly person: Person;
  /** For people who read along; not for programs. */
  say(line: string): void;
  /** Makes a key in the store of the gateway on this machine; absent: that is not wanted. @throws UsageError when the store cannot be used */
  makeKey?(name: string): Promise<OwnKey>;
  /** Takes back keys that were made. */
  closeKeys?(ids: readonly number[]): Promise<void>;
}

export interface Person {
  /** Whether one sits there. */
  readonly isPerson: boolean;
  ask(question: string): Promise<string | undefined>;
  askSecret(question: string): Promise<string | undefined>;
}

/** @returns false without a person */
export async function agrees(person: Person, question: string): Promise<boolean> {
  if (!person.isPerson) return false;
  const answer = (await person.ask(`${question} [Y/n] `))?.trim().toLowerCase();
  return answer !== undefined && (answer === "" || "yes".startsWith(answer));
}
