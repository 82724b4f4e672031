import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { OpenDeed } from "../search.ts";

/** Opens a deed's form over the page that is on screen. */
export function DeedLink({ open, first = false, children }: { open: OpenDeed; first?: boolean; children: ReactNode }) {
  return (
    <Link
      to="."
      search={(search) => ({ ...search, do: open })}
      className={first ? "button first" : "button"}
      resetScroll={false}
      replace={false}
    >
      {children}
    </Link>
  );
}
