import Activity from "lucide-react/icons/activity";
import BookOpenCheck from "lucide-react/icons/book-open-check";
import Boxes from "lucide-react/icons/boxes";
import ChartColumn from "lucide-react/icons/chart-column";
import FileCode from "lucide-react/icons/file-code";
import KeyRound from "lucide-react/icons/key-round";
import LayoutDashboard from "lucide-react/icons/layout-dashboard";
import MessageSquareText from "lucide-react/icons/message-square-text";
import Plug from "lucide-react/icons/plug";
import ScrollText from "lucide-react/icons/scroll-text";
import Server from "lucide-react/icons/server";
import SlidersHorizontal from "lucide-react/icons/sliders-horizontal";
import UserRound from "lucide-react/icons/user-round";
import type { ComponentType } from "react";

/** Pages in the sidebar, in its order. `key` follows `g`. */
export const PAGE_GROUPS = [
  { id: "watch", pages: [
    { id: "overview", path: "/", key: "o", icon: LayoutDashboard },
    { id: "live", path: "/live", key: "l", icon: Activity },
    { id: "usage", path: "/usage", key: "u", icon: ChartColumn },
  ] },
  { id: "manage", pages: [
    { id: "access", path: "/access", key: "a", icon: KeyRound },
    { id: "providers", path: "/providers", key: "p", icon: Server },
    { id: "accounts", path: "/accounts", key: "i", icon: UserRound },
    { id: "models", path: "/models", key: "m", icon: Boxes },
  ] },
  { id: "try", pages: [
    { id: "playground", path: "/playground", key: "y", icon: MessageSquareText },
    { id: "connect", path: "/connect", key: "n", icon: Plug },
  ] },
  { id: "system", pages: [
    { id: "config", path: "/config", key: "c", icon: FileCode },
    { id: "logs", path: "/logs", key: "r", icon: ScrollText },
    { id: "audit", path: "/audit", key: "t", icon: BookOpenCheck },
    { id: "settings", path: "/settings", key: "s", icon: SlidersHorizontal },
  ] },
] as const;

export type PageId = (typeof PAGE_GROUPS)[number]["pages"][number]["id"];
export interface PageEntry {
  readonly id: PageId;
  readonly path: string;
  readonly key: string;
  readonly icon: ComponentType;
}

export const PAGES: readonly PageEntry[] = PAGE_GROUPS.flatMap(({ pages }) => pages as readonly PageEntry[]);
