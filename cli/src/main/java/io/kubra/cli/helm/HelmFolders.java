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
    return variable("HELM_REPOSITORY_CACHE", cache().resolve("repository"));
  }

  /** Where downloads are kept. */
  static Path cache() {
    return variable("HELM_CACHE_HOME", userCache().resolve("helm"));
  }

  /** Where repositories and credentials are kept. */
  static Path configuration() {
    Path user = variable("XDG_CONFIG_HOME", home().resolve(".config"));
    return variable("HELM_CONFIG_HOME", user.resolve("helm"));
  }

  /** Where else things are kept. */
  static Path data() {
    Path user = variable("XDG_DATA_HOME", home().resolve(".local/share"));
    return variable("HELM_DATA_HOME", user.resolve("helm"));
  }

  /** The path that a variable names, or another. */
  static Path or(String name, Path otherwise) {
    return variable(name, otherwise);
  }

  private static Path home() {
    return variable("HOME", Path.of(System.getProperty("user.home")));
  }

  private static Path variable(String name, Path otherwise) {
    String value = System.getenv(name);
    return value == null || value.isEmpty() ? otherwise : Path.of(value);
  }
}
