package io.kubra.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/** The files that pages refer to, read from the class path when first asked for. */
final class Assets {
  private record Source(String type, String file) {}

  /**
   * A file.
   *
   * @param type its media type
   */
  record Asset(String type, byte[] bytes) {}

  private static final Map<String, Source> SOURCES =
      Map.of(
          "console.css",
          new Source("text/css; charset=utf-8", "/io/kubra/console/assets/console.css"),
          "console.js",
          new Source("text/javascript; charset=utf-8", "/io/kubra/console/assets/console.js"),
          "htmx.js",
          new Source(
              "text/javascript; charset=utf-8",
              "/META-INF/resources/webjars/htmx.org/2.0.8/dist/htmx.min.js"));

  private Assets() {}

  /** The file of a name. */
  static Optional<Asset> find(String name) {
    Source source = SOURCES.get(name);
    if (source == null) {
      return Optional.empty();
    }
    try (InputStream in = Assets.class.getResourceAsStream(source.file())) {
      if (in == null) {
        throw new IllegalStateException("missing from the distribution: " + source.file());
      }
      return Optional.of(new Asset(source.type(), in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
