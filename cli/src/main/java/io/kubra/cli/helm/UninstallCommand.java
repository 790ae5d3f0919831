package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmFunction;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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

  @Override
  void run(HelmSession helm) {
    for (String name : names) {
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
    }
  }
}
