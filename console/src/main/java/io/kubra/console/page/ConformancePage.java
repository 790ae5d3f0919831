package io.kubra.console.page;

import io.kubra.console.reading.Conformance;
import io.kubra.console.reading.Part;
import java.util.List;
import java.util.Optional;

/** {@code /conformance}: the last result of {@code kubra conformance}. */
public final class ConformancePage implements Page {
  /** What it shows. */
  public record Result(Part<Optional<Conformance>> conformance) implements Content {}

  @Override
  public boolean matches(Visit visit) {
    return visit.segments().equals(List.of("conformance"));
  }

  @Override
  public String title(Visit visit) {
    return "Conformance";
  }

  @Override
  public String template() {
    return "conformance.jte";
  }

  @Override
  public Content read(Visit visit) {
    return new Result(Part.read(() -> Conformance.read(visit.api())));
  }
}
