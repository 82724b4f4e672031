import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useRouterState, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { readSession } from "#contract/session.ts";
import { query } from "../api.ts";
import { AsAtBand, AsAtControl } from "./AsAt.tsx";
import { Me } from "./Me.tsx";
import { Rail } from "./Rail.tsx";
import { SampleMark } from "./SampleMark.tsx";
import { Announcements } from "./announce.tsx";
import { shortcutOf } from "./shortcuts.ts";
import { watchSystemTheme } from "./theme.ts";

// Mounted when they are opened.
const Palette = lazy(() => import("./Palette.tsx").then((file) => ({ default: file.Palette })));
const ShortcutSheet = lazy(() => import("./ShortcutSheet.tsx").then((file) => ({ default: file.ShortcutSheet })));
const DeedSheet = lazy(() => import("../forms/DeedSheet.tsx").then((file) => ({ default: file.DeedSheet })));

/** Everything around a page: header, the day looked at, the rail, and what opens over the page. */
export function Shell() {
  const { data: session } = useSuspenseQuery(query(readSession, {}));
  const { as_at: asAt, do: openDeed } = useSearch({ from: "__root__" });
  const path = useRouterState({ select: (state) => state.location.pathname });
  const navigate = useNavigate();
  const [over, setOver] = useState<"palette" | "shortcuts">();
  const [menuOpenOn, setMenuOpenOn] = useState<string>();
  const today = session.organization.today;

  useEffect(() => watchSystemTheme(), []);
  // Keys belong to the whole window.
  useEffect(() => {
    const read = shortcutOf();
    const onKey = (event: KeyboardEvent) => {
      const wish = read(event);
      if (!wish) return;
      event.preventDefault();
      if (wish.does === "go") void navigate({ to: wish.to });
      else if (wish.does === "filter")
        (document.querySelector<HTMLElement>("[data-filter]") ?? document.getElementById("find"))?.focus();
      else setOver(wish.does);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [navigate]);

  return (
    <div className="frame" data-past={asAt !== undefined} data-menu={menuOpenOn === path ? "open" : undefined}>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <header className="header">
        <button
          type="button"
          className="header-button menu-button"
          aria-expanded={menuOpenOn === path}
          aria-controls="rail"
          onClick={() => setMenuOpenOn(menuOpenOn === path ? undefined : path)}
        >
          Menu
        </button>
        <Link to="/" className="brand">
          Aims
        </Link>
        <span className="organization">{session.organization.name}</span>
        {session.organization.sample && <SampleMark today={today} />}
        <span className="spring" />
        <button
          type="button"
          id="find"
          className="find"
          aria-keyshortcuts="Control+K"
          onClick={() => setOver("palette")}
        >
          <span className="words">Find a record, clause, person or deed</span>
          <kbd>Ctrl K</kbd>
        </button>
        <AsAtControl asAt={asAt} today={today} />
        <Me session={session} onKeys={() => setOver("shortcuts")} />
      </header>
      {asAt !== undefined && <AsAtBand asAt={asAt} />}
      <Rail asAt={asAt} isAdministrator={session.administrator} />
      <div className="content">
        <Outlet />
      </div>
      <Announcements />
      <Suspense>
        {over === "palette" && <Palette onClose={() => setOver(undefined)} onKeys={() => setOver("shortcuts")} />}
        {over === "shortcuts" && <ShortcutSheet onClose={() => setOver(undefined)} />}
        {openDeed && asAt === undefined && (
          <DeedSheet
            key={JSON.stringify(openDeed)}
            open={openDeed}
            onClose={() => void navigate({ to: ".", search: (search) => ({ ...search, do: undefined }) })}
          />
        )}
      </Suspense>
    </div>
  );
}
