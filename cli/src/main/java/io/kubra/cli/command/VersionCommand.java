package io.kubra.cli.command;

import io.kubra.api.feature.FeatureGates;
import io.kubra.api.json.Json;
import io.kubra.api.meta.GroupVersion;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.health.VersionEndpoint;
import io.kubra.cli.CliException;
import io.kubra.cli.config.ClusterConfiguration;
import io.kubra.cli.config.Part;
import io.kubra.cli.local.LocalCluster;
import io.kubra.cli.local.LocalClusters;
import io.kubra.client.ApiClient;
import io.kubra.client.ApiRequest;
import io.kubra.client.KubeConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the version. */
@Command(name = "version", description = "Print the version.", mixinStandardHelpOptions = true)
public final class VersionCommand implements Runnable {
  private static final String KUBRA = "0.1.0";

  @Spec private CommandSpec spec;

  @Option(
      names = "--features",
      description = "Also list API versions, feature gates and parts in force.")
  private boolean features;

  @Mixin private ClusterName name = new ClusterName();

  @Override
  public void run() {
    var out = spec.commandLine().getOut();
    out.println("Kubra:      " + KUBRA);
    out.println("Kubernetes: " + VersionEndpoint.GIT_VERSION);
    out.println("Java:       " + Runtime.version());
    if (features) {
      features(out);
    }
    out.flush();
  }

  /** Of the cluster, or of one with the default configuration when there is none. */
  private void features(PrintWriter out) {
    Optional<LocalCluster> cluster = LocalClusters.find(name.name);
    ClusterConfiguration configuration =
        cluster.map(LocalCluster::configuration).orElse(ClusterConfiguration.DEFAULT);
    out.printf("%nSTORE%n  %s%n%nAPI VERSIONS%n", configuration.store().label());
    cluster
        .map(VersionCommand::served)
        .orElseGet(
            () ->
                Catalogue.builtin().offered().stream()
                    .map(r -> new GroupVersion(r.gvr().group(), r.gvr().version()).toString())
                    .distinct()
                    .sorted()
                    .toList())
        .forEach(version -> out.println("  " + version));
    out.printf("%nFEATURE GATES%n");
    for (FeatureGates.Gate gate : configuration.features().all()) {
      out.printf("  %-40s %-6s %s%n", gate.name(), gate.stage(), gate.enabled() ? "on" : "off");
    }
    out.printf("%nPARTS%n");
    for (Part part : Part.values()) {
      out.printf("  %-40s %s%n", part.label(), configuration.enabled(part) ? "on" : "off");
    }
  }

  /** What the cluster's API server serves now, that of custom resources included. */
  private static List<String> served(LocalCluster cluster) {
    try (ApiClient client =
        ApiClient.https(KubeConfig.read(cluster.kubeconfig()), "kubra-version")) {
      List<String> versions = new ArrayList<>(List.of("v1"));
      Map<String, Object> groups = Json.parseObject(client.call(ApiRequest.get("/apis")));
      for (Object group : Trees.list(groups, "groups")) {
        for (Object version : Trees.list(group, "versions")) {
          versions.add(Trees.stringOr(version, "", "groupVersion"));
        }
      }
      return versions;
    } catch (ApiException e) {
      throw new CliException(String.valueOf(e.getMessage()));
    } catch (IOException | UncheckedIOException e) {
      throw new CliException("the API server does not answer: " + e.getMessage());
    }
  }
}
