import { Link, useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { Refusal } from "#core/basics/refusal.ts";

/** What stands where a page would, when its data were refused or did not come. */
export function FaultPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const refused = error instanceof Refusal;
  return (
    <main id="main" tabIndex={-1}>
      <h1>{refused && error.code === "not-found" ? "Nothing here" : "This page cannot be shown"}</h1>
      <p className="lead" role="alert">
        {error instanceof Error ? error.message : String(error)}
      </p>
      <p className="row">
        <button
          type="button"
          className="button first"
          onClick={() => {
            reset();
            void router.invalidate();
          }}
        >
          Try again
        </button>
        <Link to="/" className="button">
          Home
        </Link>
      </p>
    </main>
  );
}

/** What stands at an address that leads nowhere. */
export function MissingPage() {
  return (
    <main id="main" className="door">
      <div>
        <h1>Nothing here</h1>
        <p>
          No page has this address. <Link to="/">Go home</Link>
        </p>
      </div>
    </main>
  );
}
