package io.kubra.console.page;

import java.util.List;
import java.util.Optional;

/** All pages. */
public final class Pages {
  private static final List<Page> ALL =
      List.of(
          new OverviewPage(),
          new KindsPage(),
          new ListPage(),
          new ObjectPage(),
          new LogPage(),
          new EventsPage(),
          new ConformancePage());

  /** What the navigation offers: path and title. */
  public static final List<Link> NAVIGATION =
      List.of(
          new Link("/", "Overview"),
          new Link("/list/nodes", "Nodes"),
          new Link("/list/pods", "Pods"),
          new Link("/list/deployments.apps", "Deployments"),
          new Link("/list/statefulsets.apps", "Stateful sets"),
          new Link("/list/daemonsets.apps", "Daemon sets"),
          new Link("/list/jobs.batch", "Jobs"),
          new Link("/list/services", "Services"),
          new Link("/list/persistentvolumeclaims", "Volume claims"),
          new Link("/events", "Events"),
          new Link("/kinds", "All kinds"),
          new Link("/conformance", "Conformance"));

  private Pages() {}

  /** A link of the navigation. */
  public record Link(String path, String title) {}

  /** The page of a path. */
  public static Optional<Page> find(Visit visit) {
    return ALL.stream().filter(p -> p.matches(visit)).findFirst();
  }
}
