package io.kubra.addons.helm.controller;

import io.kubra.addons.helm.controller.HelmProcess.Outcome;
import io.kubra.client.AccountToken;
import io.kubra.client.ApiClient;
import io.kubra.client.KubeConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Upgrades and uninstalls releases, each in a run of Helm with a token that ends soon after. */
final class HelmRuns implements AutoCloseable {
  static final Duration USUAL_TIMEOUT = Duration.ofSeconds(300);
  // Helm counts its timeout for each hook and wait anew.
  private static final int WAITS = 3;
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration SHORTEST_TOKEN = Duration.ofMinutes(10);

  private final ApiClient client;
  private final HelmChartsConfig config;
  private final HelmProcess process;

  HelmRuns(ApiClient client, HelmChartsConfig config) {
    this.client = client;
    this.config = config;
    this.process = new HelmProcess(config.command());
    RunFolder.clearAll(config.folder());
  }

  /** Installs or upgrades a release. */
  Outcome upgrade(ChartSpec spec, ChartInputs inputs) throws InterruptedException {
    try (RunFolder folder = RunFolder.create(config.folder())) {
      List<String> arguments = new ArrayList<>(List.of("upgrade", spec.release()));
      arguments.add(
          spec.archive().length == 0
              ? spec.chart()
              : folder.write("chart.tgz", spec.archive()).toString());
      arguments.addAll(List.of("--install", "--hide-notes"));
      arguments.addAll(cluster(folder, spec.namespace(), limit(spec.timeout())));
      arguments.add("--timeout=" + spec.timeout().toSeconds() + "s");
      addIf(arguments, spec.on("createNamespace"), "--create-namespace");
      addIf(arguments, spec.on("takeOwnership"), "--take-ownership");
      addIf(arguments, spec.on("wait"), "--wait");
      addIf(arguments, spec.on("plainHTTP"), "--plain-http");
      addIf(arguments, spec.on("insecureSkipTLSVerify"), "--insecure-skip-tls-verify");
      addIf(arguments, !spec.version().isEmpty(), "--version=" + spec.version());
      addIf(arguments, !spec.repo().isEmpty(), "--repo=" + spec.repo());
      if (inputs.authority().length > 0) {
        arguments.add("--ca-file=" + folder.write("ca.crt", inputs.authority()));
      }
      if (inputs.registries().length > 0) {
        folder.write(HelmProcess.REGISTRIES, inputs.registries());
      }
      int number = 0;
      for (byte[] values : inputs.values()) {
        arguments.add("--values=" + folder.write("values-" + number++ + ".yaml", values));
      }
      List<String> secrets = new ArrayList<>(spec.setOptions());
      if (!inputs.user().isEmpty()) {
        secrets.add("--username=" + inputs.user());
        secrets.add("--password=" + inputs.password());
      }
      return process.run(folder, arguments, secrets, limit(spec.timeout()));
    }
  }

  /** Uninstalls a release; that it is not there is no failure. */
  Outcome uninstall(String release, String namespace, Duration timeout)
      throws InterruptedException {
    try (RunFolder folder = RunFolder.create(config.folder())) {
      List<String> arguments = new ArrayList<>(List.of("uninstall", release));
      arguments.add("--ignore-not-found");
      arguments.addAll(cluster(folder, namespace, limit(timeout)));
      return process.run(folder, arguments, List.of(), limit(timeout));
    }
  }

  private static void addIf(List<String> arguments, boolean wanted, String argument) {
    if (wanted) {
      arguments.add(argument);
    }
  }

  private static Duration limit(Duration timeout) {
    return timeout.multipliedBy(WAITS).plus(START);
  }

  /** Which cluster as whom: a kubeconfig with a token that outlives the run's limit by little. */
  private List<String> cluster(RunFolder folder, String namespace, Duration limit) {
    Duration lifetime = limit.compareTo(SHORTEST_TOKEN) < 0 ? SHORTEST_TOKEN : limit;
    String token = AccountToken.request(client, HelmCharts.NAMESPACE, HelmCharts.ACCOUNT, lifetime);
    Path file = folder.path().resolve("kubeconfig");
    try {
      KubeConfig.bearer(config.server(), config.authority(), token)
          .write(file, "cluster", HelmCharts.ACCOUNT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.of("--namespace=" + namespace, "--kubeconfig=" + file);
  }

  @Override
  public void close() {
    process.close();
  }
}
