package io.kubra.console.page;

import io.kubra.console.reading.Happening;
import io.kubra.console.reading.Part;
import java.util.List;

/** {@code /events}: what happened, the latest first. */
public final class EventsPage implements Page {
  private static final int MOST = 300;

  /** What it shows. */
  public record Events(
      String namespace, boolean warnings, List<String> namespaces, List<Happening> events)
      implements Content {}

  @Override
  public boolean matches(Visit visit) {
    return visit.segments().equals(List.of("events"));
  }

  @Override
  public String title(Visit visit) {
    return "Events";
  }

  @Override
  public String template() {
    return "events.jte";
  }

  @Override
  public Content read(Visit visit) {
    String namespace = visit.parameter("namespace");
    boolean warnings = visit.parameter("warnings").equals("true");
    return new Events(
        namespace,
        warnings,
        Part.read(() -> ListPage.namespaces(visit)).orElse(List.of()),
        Happening.read(
            visit.api(), namespace, warnings ? "type=Warning" : null, visit.now(), MOST));
  }
}
