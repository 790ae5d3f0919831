package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmFunction;
import io.kubra.addons.helm.release.Release;
import io.kubra.addons.helm.release.ReleaseObjects;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes releases. */
@Command(
    name = "uninstall",
    aliases = {"del", "delete", "un"},
    description = "uninstall a release")
final class UninstallCommand extends HelmAction {
  @Parameters(arity = "1..*", paramLabel = "RELEASE")
  List<String> names = List.of();

  @Option(names = "--dry-run", description = "simulate an uninstall")
  boolean dryRun;

  @Option(names = "--no-hooks", description = "prevent hooks from running during uninstallation")
  boolean noHooks;

  @Option(names = "--ignore-not-found", description = "treat a missing release as a success")
  boolean ignoreNotFound;

  @Option(names = "--keep-history", description = "mark the release as deleted, keep its history")
  boolean keepHistory;

  @Option(names = "--cascade", description = "background, orphan, or foreground")
  @Nullable String cascade;

  @Option(names = "--wait", description = "wait until all the resources are deleted")
  boolean wait;

  @Option(names = "--description", description = "add a custom description")
  @Nullable String description;

  @Mixin TimeoutFlag timeout = new TimeoutFlag();

  @Override
  void run(HelmSession helm) {
    for (String name : names) {
      List<Release> history = wait ? helm.releases().history(name) : List.of();
      print(
          helm.call(
                  HelmFunction.UNINSTALL,
                  helm.cluster()
                      .text("releaseName", name)
                      .flag("dryRun", dryRun)
                      .flag("noHooks", noHooks)
                      .flag("ignoreNotFound", ignoreNotFound)
                      .flag("keepHistory", keepHistory)
                      .text("cascade", cascade))
              .text());
      if (!history.isEmpty() && !dryRun) {
        new ReleaseObjects(helm.client(), history.getLast()).awaitGone(timeout.timeout);
      }
      if (keepHistory && description != null && !dryRun) {
        Release last = helm.releases().last(name);
        helm.releases().update(last.with(last.status(), description));
      }
    }
  }
}
