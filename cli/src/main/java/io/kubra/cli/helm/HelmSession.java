package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.addons.helm.library.HelmFunction;
import io.kubra.addons.helm.library.HelmLibrary;
import io.kubra.addons.helm.library.HelmOptions;
import io.kubra.addons.helm.library.HelmResult;
import io.kubra.addons.helm.release.ReleaseStore;
import io.kubra.client.ApiClient;
import io.kubra.client.KubeConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What one run of a command works with: flags, cluster and library, each opened on first use. */
final class HelmSession implements AutoCloseable {
  private final HelmCommand flags;
  private final PrintWriter errors;
  private final KubeAccess access;
  private @Nullable HelmLibrary library;
  private @Nullable ApiClient client;

  HelmSession(HelmCommand flags, PrintWriter errors) {
    this.flags = flags;
    this.errors = errors;
    this.access = new KubeAccess(flags.kubeconfig, flags.context);
  }

  boolean debug() {
    return flags.debug;
  }

  /** The namespace of the flag, the environment or the kubeconfig. */
  String namespace() {
    if (flags.namespace != null) {
      return flags.namespace;
    }
    String set = System.getenv("HELM_NAMESPACE");
    return set != null && !set.isEmpty() ? set : access.namespace();
  }

  /** Options that say which cluster and namespace. */
  HelmOptions cluster() {
    return into(new HelmOptions());
  }

  /** Adds to options which cluster and namespace. */
  HelmOptions into(HelmOptions options) {
    return options.text("namespace", namespace()).text("kubeConfig", access.file().toString());
  }

  Path kubeconfig() {
    return access.file();
  }

  ReleaseStore releases() {
    return releases(namespace());
  }

  /** The releases of a namespace; empty for all. */
  ReleaseStore releases(String namespace) {
    String driver = System.getenv("HELM_DRIVER");
    if (driver != null && !driver.isEmpty() && !driver.matches("secrets?")) {
      throw new HelmException("HELM_DRIVER=" + driver + " is not supported, only secret is");
    }
    return new ReleaseStore(client(), namespace);
  }

  ApiClient client() {
    if (client == null) {
      try {
        client = ApiClient.https(KubeConfig.read(access.file()), "Helm/3.21.0");
      } catch (IOException | IllegalArgumentException e) {
        throw new HelmException("Kubernetes cluster unreachable: " + e.getMessage(), e);
      }
    }
    return client;
  }

  /** Calls Helm's library; its warnings go to standard error. */
  HelmResult attempt(HelmFunction function, HelmOptions options) {
    HelmResult result = library().call(function, options);
    errors.print(result.warnings());
    errors.flush();
    return result;
  }

  /**
   * Calls Helm's library.
   *
   * @param failure what the message begins with if it fails
   */
  HelmResult call(String failure, HelmFunction function, HelmOptions options) {
    HelmResult result = attempt(function, options);
    if (result.failed()) {
      throw new HelmException(failure + result.error());
    }
    return result;
  }

  HelmResult call(HelmFunction function, HelmOptions options) {
    return call("", function, options);
  }

  /** The version of Helm's code. */
  String version() {
    return library().version();
  }

  private HelmLibrary library() {
    if (library == null) {
      library = HelmLibrary.open(libraryFolder());
    }
    return library;
  }

  /** The distribution's folder if this user may write there, the user's own otherwise. */
  private static Path libraryFolder() {
    String home = System.getProperty("kubra.home");
    if (home != null && Files.isWritable(Path.of(home))) {
      return Path.of(home, "native");
    }
    return HelmFolders.userCache().resolve("kubra");
  }

  @Override
  public void close() {
    access.close();
    if (client != null) {
      client.close();
    }
  }
}
