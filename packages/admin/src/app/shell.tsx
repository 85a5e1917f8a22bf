import Command from "lucide-react/icons/command";
import LogOut from "lucide-react/icons/log-out";
import MenuIcon from "lucide-react/icons/menu";
import { Suspense, useEffect, useRef, useState, type ReactNode } from "react";
import { NavLink, Outlet, useLocation } from "react-router";
import { useMessages } from "../i18n/language.tsx";
import { shellMessages } from "../i18n/shell-messages.ts";
import { useSession } from "../session/session.tsx";
import { useSignOut } from "../session/sign-out.ts";
import { IconButton } from "../ui/button.tsx";
import { Skeleton } from "../ui/states.tsx";
import { PAGE_GROUPS } from "./page-list.ts";
import { PageBoundary } from "./page-boundary.tsx";
import { LanguageSwitch, ThemeSwitch } from "./preferences.tsx";
import { OPEN_PALETTE, Shortcuts } from "./shortcuts.tsx";
import { Logo } from "../ui/logo.tsx";

/** The frame: navigation at the side, the page beside it. On narrow screens the navigation is a drawer. */
export function Shell(): ReactNode {
  const messages = useMessages(shellMessages);
  const [drawer, setDrawer] = useState(false);
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  useEffect(() => {
    setDrawer(false);
    main.current?.scrollTo({ top: 0 });
    window.scrollTo({ top: 0 });
  }, [pathname]);
  return (
    <div className="shell">
      <a className="skip-link" href="#content" onClick={(event) => {
        event.preventDefault();
        main.current?.focus();
      }}>{messages.skip}</a>
      <header className="topbar">
        <IconButton label={messages.openNavigation} icon={<MenuIcon />} aria-expanded={drawer} onClick={() => setDrawer(!drawer)} />
        <Logo />
      </header>
      {drawer && <div className="drawer-shade" onClick={() => setDrawer(false)} />}
      <Sidebar open={drawer} onClose={() => setDrawer(false)} />
      <main id="content" className="content" ref={main} tabIndex={-1}>
        <PageBoundary key={pathname}>
          <Suspense fallback={<div className="page"><Skeleton lines={6} /></div>}>
            <Outlet />
          </Suspense>
        </PageBoundary>
      </main>
      <Shortcuts />
    </div>
  );
}

function Sidebar({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }): ReactNode {
  const messages = useMessages(shellMessages);
  const session = useSession();
  const signOut = useSignOut();
  return (
    <aside className="sidebar" data-open={open || undefined} onKeyDown={(event) => event.key === "Escape" && onClose()}>
      <div className="sidebar-head">
        <Logo />
        <IconButton label={messages.palette} size="small" icon={<Command />} onClick={() => document.dispatchEvent(new Event(OPEN_PALETTE))} />
      </div>
      <nav aria-label={messages.navigation} className="sidebar-nav">
        {PAGE_GROUPS.map(({ id, pages }) => (
          <div key={id} className="nav-group">
            <h2 className="nav-title" id={`nav-${id}`}>{messages.groups[id]}</h2>
            <ul aria-labelledby={`nav-${id}`}>
              {pages.map(({ id: page, path, icon: Icon }) => (
                <li key={page}>
                  <NavLink to={path} end={path === "/"} className="nav-link">
                    <Icon aria-hidden="true" />
                    {messages.pages[page]}
                  </NavLink>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <footer className="sidebar-foot">
        <div className="sidebar-switches">
          <ThemeSwitch />
          <LanguageSwitch />
        </div>
        <div className="sidebar-session">
          <span className="muted">{session.data?.version !== undefined && `v${session.data.version}`}</span>
          <IconButton label={messages.signOut} size="small" icon={<LogOut />} onClick={signOut} />
        </div>
      </footer>
    </aside>
  );
}
