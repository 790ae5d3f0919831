package io.kubra.console.page;

import io.kubra.api.status.ApiException;

/** One page. */
public interface Page {
  /** What the page shows, for a template. */
  sealed interface Content
      permits OverviewPage.Overview,
          ListPage.Listing,
          KindsPage.AllKinds,
          ObjectPage.Details,
          EventsPage.Events,
          LogPage.Log,
          ConformancePage.Result {}

  /** Whether the page shows the path. */
  boolean matches(Visit visit);

  /** The page's title. */
  String title(Visit visit);

  /** The template in which the content is shown. */
  String template();

  /**
   * Reads what to show.
   *
   * @throws ApiException if the page as a whole cannot be shown
   */
  Content read(Visit visit);
}
