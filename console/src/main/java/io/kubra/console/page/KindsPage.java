package io.kubra.console.page;

import io.kubra.console.reading.Kinds;
import java.util.List;

/** All kinds of objects, custom ones too. */
public final class KindsPage implements Page {
  /** What it shows. */
  public record AllKinds(List<Kinds.Kind> kinds) implements Content {}

  @Override
  public boolean matches(Visit visit) {
    return visit.segments().equals(List.of("kinds"));
  }

  @Override
  public String title(Visit visit) {
    return "All kinds";
  }

  @Override
  public String template() {
    return "kinds.jte";
  }

  @Override
  public Content read(Visit visit) {
    return new AllKinds(Kinds.all(visit.api()));
  }
}
