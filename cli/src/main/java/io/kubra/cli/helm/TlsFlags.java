package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a registry or repository is reached. */
final class TlsFlags {
  @Option(
      names = "--ca-file",
      description = "verify certificates of HTTPS-enabled servers using this CA bundle")
  @Nullable String caFile;

  @Option(
      names = "--cert-file",
      description = "identify HTTPS client using this SSL certificate file")
  @Nullable String certFile;

  @Option(names = "--key-file", description = "identify HTTPS client using this SSL key file")
  @Nullable String keyFile;

  @Option(
      names = {"--insecure-skip-tls-verify", "--insecure"},
      description = "skip tls certificate checks")
  boolean insecure;

  @Option(names = "--plain-http", description = "use insecure HTTP connections")
  boolean plainHttp;

  /**
   * Sets the options.
   *
   * @param insecureName what the call names the option that skips checks
   * @param plain whether the call knows plain HTTP
   */
  void apply(HelmOptions options, String insecureName, boolean plain) {
    options
        .text("caFile", caFile)
        .text("certFile", certFile)
        .text("keyFile", keyFile)
        .flag(insecureName, insecure);
    if (plain) {
      options.flag("plainHttp", plainHttp);
    }
  }
}
