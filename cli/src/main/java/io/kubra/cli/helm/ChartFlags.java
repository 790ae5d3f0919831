package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmFunction;
import io.kubra.addons.helm.library.HelmOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where a chart comes from. */
final class ChartFlags {
  @Option(
      names = "--version",
      paramLabel = "VERSION",
      description = "a version or constraint of the chart; the latest if not set")
  @Nullable String version;

  @Option(names = "--repo", paramLabel = "URL", description = "chart repository url")
  @Nullable String repo;

  @Option(names = "--username", description = "chart repository username")
  @Nullable String username;

  @Option(names = "--password", description = "chart repository password")
  @Nullable String password;

  @Option(names = "--devel", description = "use development versions, too")
  boolean devel;

  @Mixin TlsFlags tls = new TlsFlags();

  /** The version asked for. */
  @Nullable String wanted() {
    return version == null && devel ? ">0.0.0-0" : version;
  }

  /** Sets the options for a chart; a repository's address becomes a repository of this run. */
  void apply(HelmSession helm, HelmOptions options, String chart, TemporaryFiles temporary) {
    tls.apply(options, "insecureSkipTlsVerify", true);
    options.text("version", wanted());
    if (repo == null) {
      options.text("chart", chart);
      return;
    }
    String name = "kubra-" + Integer.toHexString(repo.hashCode());
    String config = temporary.folder().resolve("repositories.yaml").toString();
    HelmOptions add =
        new HelmOptions()
            .text("repositoryConfig", config)
            .text("name", name)
            .text("url", repo)
            .text("username", username)
            .text("password", password);
    tls.apply(add, "insecureSkipTlsVerify", false);
    var unused = helm.call(HelmFunction.REPO_ADD, add);
    options.text("repositoryConfig", config).text("chart", name + "/" + chart);
  }
}
