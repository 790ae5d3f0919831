package io.kubra.cli.helm;

import java.nio.file.Path;

/** Where Helm keeps its files, by Helm's variables. */
final class HelmFolders {
  private HelmFolders() {}

  static Path userCache() {
    return variable("XDG_CACHE_HOME", home().resolve(".cache"));
  }

  /** Where charts are downloaded to. */
  static Path repositoryCache() {
    Path cache = variable("HELM_CACHE_HOME", userCache().resolve("helm"));
    return variable("HELM_REPOSITORY_CACHE", cache.resolve("repository"));
  }

  private static Path home() {
    return variable("HOME", Path.of(System.getProperty("user.home")));
  }

  private static Path variable(String name, Path otherwise) {
    String value = System.getenv(name);
    return value == null || value.isEmpty() ? otherwise : Path.of(value);
  }
}
