package io.kubra.cli.helm;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows the variables in force. */
@Command(name = "env", description = "helm client environment information")
final class EnvCommand extends HelmAction {
  @Parameters(arity = "0..1", paramLabel = "NAME")
  @Nullable String name;

  @Override
  void run(HelmSession helm) {
    Path configuration = HelmFolders.configuration();
    Map<String, String> all = new TreeMap<>();
    all.put("HELM_CACHE_HOME", HelmFolders.cache().toString());
    all.put("HELM_CONFIG_HOME", configuration.toString());
    all.put("HELM_DATA_HOME", HelmFolders.data().toString());
    all.put("HELM_DEBUG", Boolean.toString(helm.debug()));
    all.put("HELM_NAMESPACE", helm.namespace());
    all.put(
        "HELM_REGISTRY_CONFIG",
        HelmFolders.or("HELM_REGISTRY_CONFIG", configuration.resolve("registry/config.json"))
            .toString());
    all.put("HELM_REPOSITORY_CACHE", HelmFolders.repositoryCache().toString());
    all.put(
        "HELM_REPOSITORY_CONFIG",
        HelmFolders.or("HELM_REPOSITORY_CONFIG", configuration.resolve("repositories.yaml"))
            .toString());
    if (name != null) {
      line(all.getOrDefault(name, ""));
    } else {
      all.forEach((key, value) -> line(key + "=\"" + value + '"'));
    }
  }
}
