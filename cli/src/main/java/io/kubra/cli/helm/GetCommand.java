package io.kubra.cli.helm;

import io.kubra.addons.helm.release.Hook;
import io.kubra.addons.helm.release.Release;
import io.kubra.addons.helm.report.OutputFormat;
import io.kubra.addons.helm.report.StatusReport;
import io.kubra.addons.helm.report.Values;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what is stored of a release. */
@Command(
    name = "get",
    description = "download extended information of a named release",
    subcommands = {
      GetCommand.All.class,
      GetCommand.UserValues.class,
      GetCommand.Manifest.class,
      GetCommand.Hooks.class,
      GetCommand.Notes.class
    })
final class GetCommand {
  private GetCommand() {}

  /** Shows one part of one revision. */
  abstract static class Part extends HelmAction {
    @Parameters(paramLabel = "RELEASE")
    String name = "";

    @Option(names = "--revision", description = "get the named release with revision")
    int revision;

    abstract void show(Release release);

    @Override
    final void run(HelmSession helm) {
      show(helm.releases().get(name, revision));
    }
  }

  /** Everything. */
  @Command(name = "all", description = "download all information for a named release")
  static final class All extends Part {
    @Override
    void show(Release release) {
      print(StatusReport.of(release, false, true, true));
    }
  }

  /** The values. */
  @Command(name = "values", description = "download the values file for a named release")
  static final class UserValues extends Part {
    @Option(
        names = {"-a", "--all"},
        description = "dump all (computed) values")
    boolean all;

    @Mixin OutputFlag output = new OutputFlag();

    @Override
    void show(Release release) {
      Map<String, Object> values = all ? Values.computed(release) : release.config();
      Object tree = values.isEmpty() && !all ? null : values;
      print(
          output.format.write(
              tree,
              () ->
                  (all ? "COMPUTED VALUES:\n" : "USER-SUPPLIED VALUES:\n")
                      + OutputFormat.yaml(tree)));
    }
  }

  /** The objects. */
  @Command(name = "manifest", description = "download the manifest for a named release")
  static final class Manifest extends Part {
    @Override
    void show(Release release) {
      line(release.manifest());
    }
  }

  /** The hooks. */
  @Command(name = "hooks", description = "download all hooks for a named release")
  static final class Hooks extends Part {
    @Override
    void show(Release release) {
      for (Hook hook : release.hooks()) {
        line("---\n# Source: " + hook.path() + "\n" + hook.manifest());
      }
    }
  }

  /** The notes. */
  @Command(name = "notes", description = "download the notes for a named release")
  static final class Notes extends Part {
    @Override
    void show(Release release) {
      if (!release.notes().isEmpty()) {
        line("NOTES:\n" + release.notes());
      }
    }
  }
}
