import type { ReactNode } from "react";
import { LanguageSwitch, ThemeSwitch } from "../app/preferences.tsx";
import { Logo } from "./logo.tsx";

/** The frame of pages that stand before the house: signing in and the first run. */
export function Door({ wide = false, children }: { readonly wide?: boolean; readonly children: ReactNode }): ReactNode {
  return (
    <div className="door">
      <header className="door-head">
        <Logo />
        <div className="row">
          <ThemeSwitch />
          <LanguageSwitch />
        </div>
      </header>
      <main className={wide ? "door-body door-wide" : "door-body"}>{children}</main>
    </div>
  );
}
